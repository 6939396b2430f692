/** The body of what came back: counted while it is read, since a server may send without end. */
import { failure, host, OutboundError } from './outbound-error.ts';

interface Limit {
  origin: string;
  maxBytes: number;
}

/** The same response with its body counted, and read within the time; `stop` ends the clock. Throws OutboundError while it is read. */
export function limitedBody(response: Response, body: ReadableStream<Uint8Array>, limit: Limit, stop: () => void): Response {
  const { status, statusText, headers } = response;
  return new Response(counted(body, limit, stop), { status, statusText, headers });
}

function counted(body: ReadableStream<Uint8Array>, { origin, maxBytes }: Limit, stop: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { value } = await reader.read();
      bytes += value?.byteLength ?? 0;
      if (bytes <= maxBytes) return value;
    } catch (cause) {
      throw failure(cause, origin);
    }
    void Promise.allSettled([reader.cancel()]);
    throw new OutboundError('too-large', `${host(origin)} sent more than ${Math.round(maxBytes / 1024)} KiB.`, { maybeSent: true });
  };
  // No generator: one that nobody began to read would never let go of the connection.
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const chunk = await next();
        if (chunk) return controller.enqueue(chunk);
        controller.close();
      } catch (cause) {
        controller.error(cause);
      }
      stop();
    },
    async cancel(reason) {
      stop();
      await reader.cancel(reason);
    },
  });
}
