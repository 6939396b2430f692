/** How a business's own server signs who is signed in there, to be copied. Each makes the same JSON Web Token by HMAC-SHA256. */
export const identityExamples: { id: string; language: string; code: string }[] = [
  {
    id: 'node',
    language: 'Node.js',
    code: `import { createHmac } from 'node:crypto';

function deskbellToken(user) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    sub: String(user.id),
    name: user.name,
    email: user.email,
    exp: Math.floor(Date.now() / 1000) + 12 * 3600,
  };
  const signed = encode({ alg: 'HS256', typ: 'JWT' }) + '.' + encode(payload);
  const hmac = createHmac('sha256', process.env.DESKBELL_SECRET);
  return signed + '.' + hmac.update(signed).digest('base64url');
}`,
  },
  {
    id: 'php',
    language: 'PHP',
    code: `function deskbell_token(string $id, ?string $name, ?string $email): string {
    $encode = fn(string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $payload = ['sub' => $id, 'name' => $name, 'email' => $email, 'exp' => time() + 12 * 3600];
    $signed = $encode(json_encode(['alg' => 'HS256', 'typ' => 'JWT']))
        . '.' . $encode(json_encode(array_filter($payload, fn($value) => $value !== null)));
    return $signed . '.' . $encode(hash_hmac('sha256', $signed, getenv('DESKBELL_SECRET'), true));
}`,
  },
  {
    id: 'python',
    language: 'Python',
    code: `import base64, hashlib, hmac, json, os, time

def deskbell_token(user_id, name=None, email=None):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    payload = {"sub": str(user_id), "name": name, "email": email, "exp": int(time.time()) + 12 * 3600}
    payload = {key: value for key, value in payload.items() if value is not None}
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(payload).encode())
    signature = hmac.new(os.environ["DESKBELL_SECRET"].encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + encode(signature)).decode()`,
  },
];
