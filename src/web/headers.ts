import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR = 365 * 24 * 3600;
const POLICY = 'camera=(), microphone=(), geolocation=(), payment=(), usb=()';

/**
 * The headers of every answer. Scripts and styles come from this server alone and never stand inside a page; nothing may
 * frame us. Routes meant for other people's pages (the widget) set their own afterwards.
 */
export function securityHeaders(tls: boolean): RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        mediaSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(tls ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: tls ? { maxAge: YEAR, includeSubDomains: false } : false,
    // 'no-referrer' would make browsers send "Origin: null" with our own forms, and the origin check refuse them.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Browsers ignore these two without TLS and complain in the console.
    crossOriginOpenerPolicy: tls,
    originAgentCluster: tls,
  });
  const policy: RequestHandler = (_req, res, next) => {
    res.setHeader('Permissions-Policy', POLICY);
    next();
  };
  return [headers, policy];
}
