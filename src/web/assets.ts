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

export function assetRoutes(): Router {
  const router = Router();
  router.get('/assets/:version/*path', may('public'), serve);
  router.get('/favicon.ico', may('public'), (_req, res) => {
    res.redirect(301, assetPath('icons/favicon.svg'));
  });
  return router;
}
