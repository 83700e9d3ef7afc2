import { createHash } from 'node:crypto';
import { endpointField, testidField } from '../model/baggage.ts';

/**
 * What the ids of a run's traces begin with: 16 of their 32 hexadecimal digits, so that the traces of a run are told from
 * others by their ids alone, whatever the services tag.
 */
export const traceIdPrefix = (testid: string): string => createHash('sha256').update(testid).digest('hex').slice(0, 16);

/** Header, and baggage field, that carries the run's id to services; those which tag it let Zipkin search for it. */
export const testidHeader = testidField;

/** The tag of spans that holds it: Spring Boot calls the tag as the field. */
export const testidTag = testidField;

/** The same of what k6 calls the request, of those alone that are traced. */
export const endpointHeader = endpointField;
