import { Router, type RequestHandler } from 'express';
import { may } from '../web/guard.ts';
import { widgetDraftsFile, widgetFile, widgetFilesFile, widgetSoundFile, type WidgetFile } from './widget-file.ts';

const HOLDS_S = 3600;
const STALE_S = 24 * 3600;

/** `/widget.js`: the one script that websites embed, for every website, and its parts, which are loaded by those who need one. */
export function scriptRoute(): Router {
  const router = Router();
  router.get('/widget.js', may('visitor'), serve(widgetFile));
  router.get('/widget-drafts.js', may('visitor'), serve(widgetDraftsFile));
  router.get('/widget-files.js', may('visitor'), serve(widgetFilesFile));
  router.get('/widget-sound.js', may('visitor'), serve(widgetSoundFile));
  return router;
}

function serve(file: WidgetFile): RequestHandler {
  return (req, res) => {
    res.setHeader('Cache-Control', `public, max-age=${HOLDS_S}, stale-while-revalidate=${STALE_S}`);
    res.setHeader('ETag', file.etag);
    res.setHeader('Vary', 'Accept-Encoding');
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    res.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    if (req.fresh) {
      res.status(304).end();
      return;
    }
    const zipped = req.acceptsEncodings('gzip') !== false;
    if (zipped) res.setHeader('Content-Encoding', 'gzip');
    res.end(zipped ? file.zipped : file.body);
  };
}
