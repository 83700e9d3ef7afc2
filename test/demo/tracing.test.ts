import { apiServer } from '../../demo/lib/api-server.ts';
import { extracted, httpHeaders, messageHeaders, traced } from '../../demo/lib/tracing.ts';
import { endpointField } from '../../model/baggage.ts';
import { longestTestid } from '../../runs/names.ts';
import { testidHeader, testidTag } from '../../runs/traces.ts';
import { testTelemetry } from './telemetry.ts';

/** What the demo makes of the headers that a load test sends. */

const traceId = '463ac35c9f6413ad48485a3953bb6124';
const sampled = { 'x-b3-traceid': traceId, 'x-b3-spanid': 'a2fb4a1d1a96d312', 'x-b3-sampled': '1' };
const ofRun = { [testidHeader]: 'browse-1', [endpointField]: 'product_list' };

/** A request to a service: the span of who took it, and the headers that go on from it. */
async function taken(headers: Readonly<Record<string, string>>) {
  const { telemetry, spans } = testTelemetry();
  const api = apiServer(telemetry);
  let http = {};
  let message = {};
  api.get('/things/:id', async () => {
    await traced(telemetry.tracer, { name: 'ask' }, async () => {
      http = httpHeaders();
      message = messageHeaders();
    });
    return 'one';
  });
  await api.inject({ url: '/things/7', headers });
  const span = spans.getFinishedSpans().find(({ name }) => name === 'GET /things/{id}');
  return { span, http, message, spans: spans.getFinishedSpans() };
}

test('the run and the endpoint are tags of who takes a request, and go on to services and messages', async () => {
  const { span, http, message, spans } = await taken({ ...sampled, ...ofRun });
  expect(span?.attributes).toMatchObject({ [testidTag]: 'browse-1', [endpointField]: 'product_list' });
  expect(http).toMatchObject({ 'x-b3-traceid': traceId, ...ofRun });
  expect(message).toMatchObject({ b3: expect.stringContaining(traceId), ...ofRun });
  // Not those of what it does for it.
  expect(spans.find(({ name }) => name === 'ask')?.attributes).not.toHaveProperty(testidTag);
});

test('a request is found by its route and its outcome', async () => {
  const { span } = await taken(sampled);
  expect(span?.attributes).toMatchObject({ uri: '/things/{id}', outcome: 'SUCCESS' });
});

test.each([
  ['none', {}],
  ['an empty one', { [testidHeader]: '' }],
  ['no id of a run', { [testidHeader]: 'Not_a_run' }],
  ['one too long', { [testidHeader]: 'a'.repeat(64), [endpointField]: 'a'.repeat(31) }],
  ['two lines', { [testidHeader]: 'a\tb', [endpointField]: 'a b' }],
])('of %s nothing is made', async (_, headers) => {
  const { span, http, message } = await taken({ ...sampled, ...headers });
  expect(
    Object.keys({ ...span?.attributes, ...http, ...message }).filter((key) => key.startsWith('loadscope')),
  ).toEqual([]);
});

test.each<Readonly<Record<string, string>>>([{ b3: '0' }, { 'x-b3-sampled': '0' }, { 'x-b3-sampled': 'false' }])(
  'a caller that decides against a trace by %j is followed, by all that come after',
  async (headers) => {
    const { spans, http, message } = await taken({ ...headers, ...ofRun });
    expect(spans).toEqual([]);
    expect(http).toMatchObject({ 'x-b3-sampled': '0', ...ofRun });
    expect(message).toMatchObject({ b3: expect.stringMatching(/-0$/), ...ofRun });
  },
);

test('a caller that says nothing leaves the decision to the service', async () => {
  expect((await taken({})).spans).toHaveLength(2);
  expect((await taken({ b3: `${traceId}-a2fb4a1d1a96d312-1` })).span?.spanContext().traceId).toBe(traceId);
});

test('the longest that there is fits into a row of the outbox', async () => {
  const { message } = await taken({ ...sampled, [testidHeader]: 'a'.repeat(63), [endpointField]: 'a'.repeat(30) });
  expect(JSON.stringify(message).length).toBeGreaterThan(150);
  expect(JSON.stringify(message).length).toBeLessThanOrEqual(200);
  expect(longestTestid).toBeLessThanOrEqual(63);
});

test('what a message carries is carried on', async () => {
  const { tracer } = testTelemetry().telemetry;
  const { message } = await taken({ ...sampled, ...ofRun });
  const next = await traced(tracer, { name: 'send', parent: extracted(message) }, async () => messageHeaders());
  expect(next).toMatchObject({ b3: expect.stringContaining(traceId), ...ofRun });
});
