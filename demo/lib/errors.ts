/** An answer other than success: what the caller of the API is told. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  /** For programs: stays when the message is reworded. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const notFound = (what: string): ApiError => new ApiError(404, 'NOT_FOUND', `${what} does not exist`);

/** A system that the service needs does not answer, and the caller may try again. */
export const unavailable = (system: string, cause: unknown): ApiError =>
  new ApiError(503, 'UNAVAILABLE', `${system} does not answer: ${(cause as Error).message}`);
