import pino from 'pino';

export type Logger = pino.Logger;

/** JSON lines on standard output. No message text, name, address or secret goes in: ids, kinds, counts, times. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.key', '*.token', '*.password', '*.text', 'headers', 'req', 'res'], censor: '[left out]' },
    serializers: { err: describeError },
  });
}

/** Errors of these names quote in their message what they could not read: a customer's words. */
const QUOTING = new Set(['SyntaxError', 'ZodError', '$ZodError', 'URIError']);

/** An error as the log may have it: its kind and where it was thrown; an SDK's error can carry headers and bodies. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: QUOTING.has(error.name) ? '[left out]' : error.message.slice(0, 300),
    ...(typeof code === 'string' ? { code } : {}),
    // Its head repeats the message, over several lines where that has them.
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
