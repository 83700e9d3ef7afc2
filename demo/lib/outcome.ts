/** What Micrometer calls a status. */
export const outcome = (status: number): string =>
  status < 200
    ? 'INFORMATIONAL'
    : status < 300
      ? 'SUCCESS'
      : status < 400
        ? 'REDIRECTION'
        : status < 500
          ? 'CLIENT_ERROR'
          : 'SERVER_ERROR';
