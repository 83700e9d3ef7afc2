/**
 * Where the time of a request goes, from the user inwards: in front of the service, in its own code, waiting for a
 * connection, holding one, in the cache, in another service.
 */
export type Stage = 'queue' | 'compute' | 'pool-wait' | 'database' | 'cache' | 'downstream';

/** Recorded by service: mean seconds of a request in each `stage`, and in all of them together as stage `total`. */
export const stageSeconds = 'service:stage_seconds:mean';

/** Recorded by run and service: mean seconds that a request of a load test took, as its users see it. */
export const clientSeconds = 'testid_service:http_latency:mean';

/** Recorded by run: p95 of the requests of a load test. */
export const clientP95 = 'testid:http_latency_p95';
