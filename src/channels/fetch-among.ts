/**
 * A fetch for the places where a far side keeps customers' files. Their addresses come out of webhooks, so they are
 * believed no further than that: a host outside of these places is never asked, not by a redirect either.
 */
import { elsewhere, OutboundError } from '../lib/outbound-error.ts';
import type { Outbound, OutboundLimits } from '../lib/outbound.ts';
import type { Fetch } from './channel.ts';

const REDIRECTS_AT_MOST = 3;

/** `places`: origins; one that begins with `https://*.` stands for every host below it. The fetch throws OutboundError. */
export function fetchAmong(outbound: Outbound, places: string[], limits: OutboundLimits): Fetch {
  const [first = 'https://localhost'] = places;
  const isPlace = (url: URL): boolean => url.username === '' && places.some((place) => isWithin(url, place));
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : String(input));
    for (let hops = 0; ; hops++) {
      if (!isPlace(url)) throw elsewhere(first, url.host);
      const response = await outbound.to(url.origin, limits)(url.href, { ...init, redirect: 'manual' });
      const next = response.status >= 300 && response.status < 400 ? URL.parse(response.headers.get('location') ?? '', url.href) : null;
      if (!next) return response;
      await response.body?.cancel();
      if (hops === REDIRECTS_AT_MOST) throw new OutboundError('blocked', `${url.host} sends us in circles.`, { maybeSent: true });
      url = next;
    }
  };
}

function isWithin(url: URL, place: string): boolean {
  const [scheme = '', name = ''] = place.split('//*');
  return name === '' ? url.origin === new URL(place).origin : url.origin === `${scheme}//${url.hostname}` && url.hostname.endsWith(name);
}
