/** Which IP addresses a connection may go to. Knows addresses only, no names. */
import ipaddr from 'ipaddr.js';

/** 'public' is the internet; 'private' a machine or network of one's own; 'never' what nothing may reach. */
export type Reach = 'public' | 'private' | 'never';

/** Doors to a cloud's own secrets that don't lie in the link-local range: Alibaba, AWS over IPv6, Azure. */
const METADATA = new Set(['100.100.100.200', 'fd00:ec2::254', '168.63.129.16']);

const PRIVATE = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * How far an address reaches. Takes what a resolver or a URL's host gives (IPv6 with or without brackets); anything that
 * is no address is 'never'. IPv4 inside IPv6 (mapped, NAT64) counts as the IPv4 it is. Link-local is 'never' even where
 * private is allowed: clouds hand out credentials there.
 */
export function reachOf(address: string): Reach {
  const bare = address.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(bare)) return 'never';
  const ip = withoutWrapping(ipaddr.process(bare));
  if (METADATA.has(ip.toString())) return 'never';
  const range = ip.range();
  if (range === 'unicast') return 'public';
  return PRIVATE.has(range) ? 'private' : 'never';
}

/** On IPv6-only networks the resolver answers 64:ff9b::<IPv4> for every host: judge the IPv4. */
function withoutWrapping(ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return ip.kind() === 'ipv6' && ip.range() === 'rfc6052' ? ipaddr.fromByteArray(ip.toByteArray().slice(12)) : ip;
}

/** Whether a URL's host is written as an address, for which no resolver is asked. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(host.replace(/^\[|\]$/g, ''));
}
