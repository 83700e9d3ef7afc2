import { mistakes } from './config-mistakes.ts';

/** Mistakes about where spans are stored. */

const storage = (url: string) => `tracing: {elasticsearch: {urls: ["${url}"]}}\n`;

describe('refused is', () => {
  test.each<[string, string, unknown]>([
    [
      'a server under test that is called as the storage of spans',
      'elasticsearch: [{name: a, address: "es.shop:9200"}, {name: trace-storage, address: "b.shop:9200"}]\n',
      `shop.yaml:1:60: elasticsearch[1].name: "trace-storage" is the instance that the storage of Zipkin's spans has; names must differ`,
    ],
    [
      'to store spans in what is measured, however its name is written',
      `namespace: loadscope\nelasticsearch: [{name: a, address: "es.shop.svc:9200"}]\n${storage('http://es.shop.svc.cluster.local:9200')}`,
      expect.stringMatching(/^shop\.yaml:3:\d+: tracing\.elasticsearch\.urls\[0\]: is "a" of elasticsearch/),
    ],
    [
      'a password in an address',
      storage('https://u:p@es.shop:9200'),
      'shop.yaml:1:34: tracing.elasticsearch.urls[0]: holds a user or a password, which would be in a manifest: name a Secret in credentialsSecret',
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });
});
