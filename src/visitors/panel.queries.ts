/** What a visitor is shown before anything was said. */
import { publishedOf } from '../bots/index.ts';
import { openWays, type WidgetSettings } from '../channels/index.ts';
import { directionOf, fill, textsIn, type Language, type Texts } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import type { Widget } from './open-widget.ts';

/** What a panel needs to open. */
export interface Panel {
  /** The business. */
  name: string;
  /** Whether an AI answers; if not, people do. */
  ai: boolean;
  /** The bot's own name; '' where there is none. */
  bot: string;
  avatar: string;
  /** How it looks, and where it stands on a page. */
  colour: string;
  scheme: WidgetSettings['scheme'];
  side: WidgetSettings['side'];
  lift: WidgetSettings['lift'];
  /** Whether a soft sound tells of an answer. */
  sound: boolean;
  /** Whether only those may write who are signed in on the website. */
  onlySignedIn: boolean;
  greeting: string;
  starters: string[];
  language: Language;
  dir: 'ltr' | 'rtl';
  /** The AI notice, said before the first word. */
  notice: string;
  /** Address of the page that says how words are used. */
  privacy: string;
  texts: Texts;
}

export function panelOf(ws: Workspace, widget: Widget, language: Language): Panel {
  const { colour, scheme, side, lift, sound, onlySignedIn } = widget.settings;
  const texts = textsIn(language);
  const bot = botOf(ws, widget.botId);
  return {
    name: businessName(ws),
    ai: bot !== null,
    bot: bot?.name ?? '',
    avatar: bot?.settings.avatar ?? '',
    ...{ colour, scheme, side, lift, sound, onlySignedIn },
    greeting: bot ? bot.settings.greeting || texts.greeting : '',
    starters: bot?.settings.starters ?? [],
    language,
    dir: directionOf(language),
    notice: texts.notice,
    privacy: `/c/${widget.publicId}/privacy`,
    texts,
  };
}

/** What a panel shows of a chat that is closed. */
export interface ClosedPanel {
  /** That it is closed, and what becomes of it. */
  error: string;
  colour: string;
  name: string;
  language: Language;
  dir: 'ltr' | 'rtl';
  /** Name of the button that closes the panel. */
  close: string;
  /** How else the business is reached, and the sentence for it, with `{ways}` in their place. */
  ways: { title: string; url: string }[];
  otherWays: string;
}

/** `from`: the website that asks, which is no other way to itself. */
export function closedPanel(ws: Workspace, widget: Widget, language: Language, from: string | undefined): ClosedPanel {
  const texts = textsIn(language);
  const name = businessName(ws);
  const website = URL.parse(websiteOf(ws) ?? '');
  const here = website === null || website.origin === from;
  return {
    error: widget.status === 'paused' ? `${texts.gone} ${texts.later}` : texts.gone,
    colour: widget.settings.colour,
    name,
    language,
    dir: directionOf(language),
    close: texts.close,
    ways: [...openWays(ws), ...(here ? [] : [{ title: website.host, url: website.href }])],
    otherWays: fill(texts.otherWays, { name }),
  };
}

function websiteOf(ws: Workspace): string | null {
  return ws.prepare('SELECT website FROM business WHERE id = 1').pluck().get() as string | null;
}

export function businessName(ws: Workspace): string {
  return ws.prepare('SELECT name FROM business WHERE id = 1').pluck().get() as string;
}

function botOf(ws: Workspace, botId: number | null) {
  const name =
    botId === null
      ? undefined
      : (ws.prepare('SELECT name FROM bots WHERE id = ? AND archived_at IS NULL').pluck().get(botId) as string | undefined);
  const version = botId === null || name === undefined ? undefined : publishedOf(ws, botId);
  return name !== undefined && version ? { name, settings: version.settings } : null;
}
