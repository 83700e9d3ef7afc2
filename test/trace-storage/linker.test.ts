import { Linker } from '../../bots/trace-storage/linker.ts';
import type { Span } from '../../bots/trace-storage/span.ts';

/** The cases of zipkin2.internal.DependencyLinkerTest, under their names there. */

type Kind = Span['kind'] | '';

/** As written there: parent, id, kind, local and remote service, whether it failed. */
function span(parentId: string, id: string, kind: Kind, local: string, remote = '', failed = false): Span {
  return {
    traceId: 'a',
    id,
    ...(parentId ? { parentId } : {}),
    ...(kind ? { kind } : {}),
    ...(local ? { localEndpoint: { serviceName: local } } : {}),
    ...(remote ? { remoteEndpoint: { serviceName: remote } } : {}),
    ...(failed ? { tags: { error: '' } } : {}),
  };
}

const shared = (of: Span): Span => ({ ...of, shared: true });
const withoutParent = ({ parentId: _, ...of }: Span): Span => of;

/** `parent > child calls/errors`, of traces. */
function linksOf(...traces: (readonly Span[])[]): string[] {
  const linker = new Linker();
  for (const trace of traces) linker.put(trace);
  return linker.links.map(
    ({ parent, child, callCount, errorCount }) => `${parent} > ${child} ${callCount}/${errorCount}`,
  );
}

const db = span('b', 'c', 'CLIENT', 'app', 'db', true);
const app = shared(span('a', 'b', 'SERVER', 'app', 'web'));
const toApp = span('a', 'b', 'CLIENT', 'web', 'app');
const web = span('', 'a', 'SERVER', 'web');

const annotated = Object.assign(span('b', 'c', 'CLIENT', 'foo', 'bar'), {
  annotations: [{ timestamp: 1, value: 'error' }],
});

const cases: [name: string, spans: readonly Span[], links: readonly string[]][] = [
  ['linksSpans', [db, app, toApp, web], ['web > app 1/0', 'app > db 1/1']],
  [
    'traceIdIsOpaque',
    [db, app, toApp, web].map((of) => ({ ...of, traceId: '123' })),
    ['web > app 1/0', 'app > db 1/1'],
  ],
  [
    'linksSpans_serverMissingParentId',
    [
      shared(span('', 'b', 'SERVER', 'link', 'arn')),
      span('a', 'b', 'CLIENT', 'arn', 'link'),
      span('', 'a', 'SERVER', 'arn'),
    ],
    ['arn > link 1/0'],
  ],
  ['lateParentIdInSharedSpan', [db, app, withoutParent(toApp), web], ['web > app 1/0', 'app > db 1/1']],
  ['lostChildAndNoParentIdInSharedSpan', [db, withoutParent(toApp), web], ['web > app 1/0', 'app > db 1/1']],
  [
    'messagingSpansDontLinkWithoutBroker_consumer',
    [span('', 'a', 'PRODUCER', 'producer'), span('a', 'b', 'CONSUMER', 'consumer', 'kafka')],
    ['kafka > consumer 1/0'],
  ],
  [
    'messagingSpansDontLinkWithoutBroker_producer',
    [span('', 'a', 'PRODUCER', 'producer', 'kafka'), span('a', 'b', 'CONSUMER', 'consumer')],
    ['producer > kafka 1/0'],
  ],
  [
    'messagingWithBroker_both_sides_same',
    [span('', 'a', 'PRODUCER', 'producer', 'kafka'), span('a', 'b', 'CONSUMER', 'consumer', 'kafka')],
    ['producer > kafka 1/0', 'kafka > consumer 1/0'],
  ],
  [
    'messagingWithBroker_different',
    [span('', 'a', 'PRODUCER', 'producer', 'kafka1'), span('a', 'b', 'CONSUMER', 'consumer', 'kafka2')],
    ['producer > kafka1 1/0', 'kafka2 > consumer 1/0'],
  ],
  [
    'messagingWithoutBroker_noLinks',
    [span('', 'a', 'PRODUCER', 'producer'), span('a', 'b', 'CONSUMER', 'consumer')],
    [],
  ],
  [
    'producerLinksToServer_childSpan',
    [span('', 'a', 'PRODUCER', 'producer'), span('a', 'b', 'SERVER', 'server')],
    ['producer > server 1/0'],
  ],
  [
    'producerLinksToServer_sameSpan',
    [span('', 'a', 'PRODUCER', 'producer'), shared(span('', 'a', 'SERVER', 'server'))],
    ['producer > server 1/0'],
  ],
  ['clientDoesntLinkToConsumer_child', [span('', 'a', 'CLIENT', 'client'), span('a', 'b', 'CONSUMER', 'consumer')], []],
  ['linksSpansDirectedByKind, server', [span('', 'a', 'SERVER', 'server', 'client')], ['client > server 1/0']],
  ['linksSpansDirectedByKind, client', [shared(span('', 'a', 'CLIENT', 'client', 'server'))], ['client > server 1/0']],
  [
    'callsAgainstTheSameLinkIncreasesCallCount_span',
    [span('', 'a', 'SERVER', 'client'), span('a', 'b', 'CLIENT', '', 'server'), span('a', 'c', 'CLIENT', '', 'server')],
    ['client > server 2/0'],
  ],
  [
    'singleHostSpansResultInASingleCallCount',
    [span('', 'a', 'CLIENT', 'client'), span('a', 'b', 'SERVER', 'server')],
    ['client > server 1/0'],
  ],
  [
    'singleHostSpansResultInASingleErrorCount',
    [span('', 'a', 'CLIENT', 'client', '', true), span('a', 'b', 'SERVER', 'server', '', true)],
    ['client > server 1/1'],
  ],
  [
    'singleHostSpansResultInASingleErrorCount_sameId',
    [span('', 'a', 'CLIENT', 'client', '', true), shared(span('', 'a', 'SERVER', 'server', '', true))],
    ['client > server 1/1'],
  ],
  [
    'singleHostSpansResultInASingleCallCount_defersNameToServer',
    [span('', 'a', 'CLIENT', 'client', 'server'), span('a', 'b', 'SERVER', 'server')],
    ['client > server 1/0'],
  ],
  [
    'singleHostSpans_multipleChildren',
    [
      span('', 'a', 'CLIENT', 'client'),
      span('a', 'b', 'SERVER', 'server', 'client', true),
      span('a', 'c', 'SERVER', 'server', 'client'),
    ],
    ['client > server 2/1'],
  ],
  [
    'singleHostSpans_multipleChildren_defersNameToServer',
    [
      span('', 'a', 'CLIENT', 'client', 'server'),
      span('a', 'b', 'SERVER', 'server'),
      span('a', 'c', 'SERVER', 'server'),
    ],
    ['client > server 2/0'],
  ],
  [
    'intermediatedClientSpansMissingLocalServiceNameLinkToNearestServer',
    [
      span('', 'a', 'SERVER', 'client'),
      span('a', 'b', '', ''),
      span('b', 'c', 'CLIENT', 'server'),
      span('b', 'd', 'CLIENT', 'server'),
    ],
    ['client > server 2/0'],
  ],
  [
    'errorsOnUninstrumentedLinks',
    [
      span('', 'a', 'SERVER', 'client'),
      span('a', 'b', '', ''),
      span('b', 'c', 'CLIENT', 'server', '', true),
      span('b', 'd', 'CLIENT', 'server', '', true),
    ],
    ['client > server 2/0'],
  ],
  [
    'errorsOnInstrumentedLinks',
    [
      span('', 'a', 'SERVER', 'foo'),
      span('a', 'b', '', ''),
      span('b', 'c', 'CLIENT', 'bar', 'baz', true),
      span('b', 'd', 'CLIENT', 'bar', 'baz'),
    ],
    ['foo > bar 2/0', 'bar > baz 2/1'],
  ],
  ['linkWithErrorIsLogged', [span('b', 'c', 'CLIENT', 'foo', 'bar', true)], ['foo > bar 1/1']],
  ['annotationNamedErrorDoesntIncrementErrorCount', [annotated], ['foo > bar 1/0']],
  ['linksLoopbackSpans, server', [span('', 'a', 'SERVER', 'service', 'service')], ['service > service 1/0']],
  ['linksLoopbackSpans, client', [span('', 'b', 'CLIENT', 'service', 'service')], ['service > service 1/0']],
  [
    'noSpanKindTreatedSameAsClient',
    [span('', 'a', '', 'some-client', 'web'), span('a', 'b', '', 'web', 'app'), span('b', 'c', '', 'app', 'db')],
    ['some-client > web 1/0', 'web > app 1/0', 'app > db 1/0'],
  ],
  [
    'noSpanKindWithError',
    [span('', 'a', '', 'some-client', 'web'), span('a', 'b', '', 'web', 'app', true), span('b', 'c', '', 'app', 'db')],
    ['some-client > web 1/0', 'web > app 1/1', 'app > db 1/0'],
  ],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 1', [span('', 'a', 'SERVER', '')], []],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 2', [span('', 'a', 'SERVER', 'server')], []],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 3', [span('', 'a', 'SERVER', '', 'client')], []],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 4', [span('', 'a', 'CLIENT', '')], []],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 5', [span('', 'a', 'CLIENT', 'client')], []],
  ['cannotLinkSingleSpanWithoutBothServiceNames, 6', [span('', 'a', 'CLIENT', '', 'server')], []],
  [
    'doesntLinkUnrelatedSpansWhenMissingRootSpan',
    [span('a', 'b', 'SERVER', 'service1'), span('a', 'c', 'SERVER', 'service2')],
    [],
  ],
  [
    'linksRelatedSpansWhenMissingRootSpan',
    [span('a', 'b', 'SERVER', 'service1'), span('b', 'c', 'SERVER', 'service2')],
    ['service1 > service2 1/0'],
  ],
  ['linksSingleHostSpans', [span('', 'a', 'CLIENT', 'web'), span('a', 'b', 'SERVER', 'app')], ['web > app 1/0']],
  [
    'linksSingleHostSpans_errorOnClient',
    [span('', 'a', 'CLIENT', 'web', '', true), span('a', 'b', 'SERVER', 'app')],
    ['web > app 1/1'],
  ],
  ['missingSpan', [span('', 'a', 'SERVER', 'web'), span('a', 'b', 'CLIENT', 'app')], ['web > app 1/0']],
];

test.each(cases)('%s', (_, spans, links) => {
  expect(linksOf(spans).sort()).toEqual([...links].sort());
  expect(linksOf([...spans].reverse()).sort()).toEqual([...links].sort());
});

test('baseCase', () => {
  expect(linksOf()).toEqual([]);
});

test('callsAgainstTheSameLinkIncreasesCallCount_trace', () => {
  const trace = [span('', 'a', 'SERVER', 'client'), span('a', 'b', 'CLIENT', '', 'server')];
  expect(linksOf(trace, trace)).toEqual(['client > server 2/0']);
});

describe('spans that come otherwise than they should', () => {
  test('one in two parts is one call', () => {
    const { kind: _, ...late } = { ...toApp, tags: { error: '' } };
    expect(linksOf([web, toApp, late])).toEqual(['web > app 1/1']);
  });

  test('two servers that answered the same call are two calls', () => {
    const other = { ...app, localEndpoint: { serviceName: 'app2' } };
    expect(linksOf([web, toApp, app, other]).sort()).toEqual(['web > app 1/0', 'web > app2 1/0']);
  });

  test('a server that does not say that it shares the id of its client is below it all the same', () => {
    const client = span('a', 'b', 'CLIENT', 'proxy', 'app');
    expect(linksOf([web, client, span('a', 'b', 'SERVER', 'app')])).toEqual(['proxy > app 1/0']);
  });

  test('of two roots with one id, as in Zipkin, one is', () => {
    expect(linksOf([span('', 'a', 'SERVER', 'app', 'x'), span('', 'a', 'SERVER', 'web', 'x')])).toEqual([
      'x > app 1/0',
    ]);
  });

  test('one that is its own parent ends', () => {
    expect(linksOf([{ ...web, parentId: web.id }, toApp])).toEqual(['web > app 1/0']);
  });

  test('two that are parents of each other end', () => {
    expect(linksOf([{ ...web, parentId: 'b' }, toApp])).toEqual([]);
  });
});
