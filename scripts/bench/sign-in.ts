import { request } from 'node:http';
import type { Product } from './product.ts';

/** Signs in to a product that runs; returns the cookie. */
export function signInBy({ port }: Product, owner: { email: string; password: string }): Promise<string> {
  const body = new URLSearchParams(owner).toString();
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/sign-in', method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      (response) => {
        response.resume();
        const cookie = response.headers['set-cookie']?.[0]?.split(';')[0];
        if (response.statusCode === 303 && cookie !== undefined) resolve(cookie);
        else reject(new Error(`signing in was answered with ${response.statusCode}`));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
