import { Router, type Request, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { chooseLanguage, directionOf, fill, isLanguage, textsIn, type Language } from '../lib/catalogue.ts';
import { may } from '../web/guard.ts';
import { nothingHere } from '../web/problem.ts';
import { fragment, render } from '../web/render.ts';
import type { Workspace } from '../workspace.ts';
import { openWidget, type Widget } from './open-widget.ts';
import { businessName } from './panel.queries.ts';
import { privacyNote } from './privacy-note.queries.ts';

/** The chat as a page of its own, how words are used there, and the sample's website. `sampleWidget`: its public id. */
export function visitorPages(installation: Installation, sampleWidget: () => string | undefined): Router {
  const router = Router();

  router.get('/c/:widget', may('public'), (req, res) => {
    within(installation, req, (ws, widget, language) => {
      const texts = textsIn(language);
      const title = fill(texts.title, { name: businessName(ws) });
      show(res, 'visitors/chat', language, { title, widget: widget.publicId, needsScript: texts.needsScript });
    });
  });

  router.get('/c/:widget/privacy', may('public'), (req, res) => {
    within(installation, req, (ws, widget, language) => {
      const texts = textsIn(language);
      const chat = { href: `/c/${widget.publicId}`, title: fill(texts.title, { name: businessName(ws) }) };
      show(res, 'visitors/privacy', language, { title: texts.noticeLink, paragraphs: privacyNote(ws, widget, texts), chat });
    });
  });

  router.get('/demo', may('public'), (_req, res) => {
    const widget = sampleWidget();
    if (widget === undefined) throw nothingHere();
    fragment(res, 'visitors/demo', { widget });
  });

  return router;
}

function within(installation: Installation, req: Request, act: (ws: Workspace, widget: Widget, language: Language) => void): void {
  const opened = openWidget(installation, String(req.params['widget']));
  if (!opened) throw nothingHere();
  try {
    const { language } = opened.widget.settings;
    act(opened.workspace, opened.widget, isLanguage(language) ? language : chooseLanguage(req.headers['accept-language']));
  } finally {
    opened.release();
  }
}

function show(res: Response, view: string, language: Language, data: object): void {
  res.setHeader('Vary', 'Accept-Language');
  render(res, view, { language, direction: directionOf(language), ...data }, { layout: 'public' });
}
