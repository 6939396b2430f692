/** Services that echo what they were sent must not tell a model our secret. */
export function withoutSecrets(text: string, values: readonly string[]): string {
  const secrets = values.flatMap((value) => [value, ...value.split(/\s+/)]);
  const telling = [...new Set(secrets)].filter((secret) => secret.length >= 8).sort((one, other) => other.length - one.length);
  return telling.reduce((told, secret) => told.replaceAll(secret, '[secret]'), text);
}
