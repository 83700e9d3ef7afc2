/**
 * What load tests say of themselves with each request. Services hand it on and tag their spans with it, each under its name,
 * where they are told of these fields.
 */

/** The run. */
export const testidField = 'loadscope-testid';

/** What k6 calls the request; of those alone that are traced. */
export const endpointField = 'loadscope-endpoint';
