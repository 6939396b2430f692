import { Router, type RequestHandler } from 'express';
import { nothingHere } from './problem.ts';
import { may } from './guard.ts';
import { assetPath, findAsset, version, zipped } from './static-files.ts';

const serve: RequestHandler = async (req, res) => {
  const wanted = req.params['path'];
  const asset = Array.isArray(wanted) ? findAsset(wanted.join('/')) : undefined;
  if (!asset) throw nothingHere();
  // A page that was open during an upgrade asks by the old hash and gets what there is now, for this once.
  res.setHeader('Cache-Control', req.params['version'] === version() ? 'public, max-age=31536000, immutable' : 'no-store');
  res.setHeader('Content-Type', asset.type);
  res.setHeader('Vary', 'Accept-Encoding');
  if (asset.type.startsWith('font/') || asset.type === 'image/png' || !req.acceptsEncodings('gzip')) {
    res.end(asset.body);
    return;
  }
  const body = await zipped(asset);
  res.setHeader('Content-Encoding', 'gzip');
  res.end(body);
};

/** By it a phone keeps the desk on its home screen: what an iPhone asks for before a page may tell its owner anything. */
const manifest: RequestHandler = (_req, res) => {
  const icon = (size: number) => ({ src: assetPath(`icons/app-${size}.png`), sizes: `${size}x${size}`, type: 'image/png' });
  const body = {
    name: 'Deskbell',
    short_name: 'Deskbell',
    start_url: '/',
    display: 'standalone',
    // As the desk and its paper in the light; a manifest knows one colour alone.
    background_color: '#eff4f0',
    theme_color: '#0a5c43',
    icons: [192, 512].map(icon),
  };
  res.setHeader('Cache-Control', 'no-cache');
  res.setHeader('Content-Type', 'application/manifest+json');
  res.end(JSON.stringify(body));
};

export function assetRoutes(): Router {
  const router = Router();
  router.get('/assets/:version/*path', may('public'), serve);
  router.get('/manifest.webmanifest', may('public'), manifest);
  router.get('/favicon.ico', may('public'), (_req, res) => {
    res.redirect(301, assetPath('icons/favicon.svg'));
  });
  return router;
}
