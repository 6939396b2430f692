/** A value that is made when it is first asked for, and kept: what costs milliseconds or megabytes is no part of the start. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
