/**
 * The only reader of the environment. A bad value stops the boot and names the variable. The README's table is made
 * from `variables`.
 */
import { isAbsolute, relative, resolve } from 'node:path';
import { z } from 'zod';

const yesNo = z.enum(['0', '1', 'true', 'false', 'yes', 'no', '']).transform((v) => v === '1' || v === 'true' || v === 'yes');

export const variables = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port the server listens on.'),
  HOST: z.string().default('0.0.0.0').describe('Address the server listens on.'),
  DATA_DIR: z.string().default('data').describe('Folder of the databases and files.'),
  KEYS_DIR: z
    .string()
    .default('keys')
    .describe("The master key's folder. It must lie outside DATA_DIR, so that a copy of the data opens nothing."),
  BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address under which people reach this server, for links and cookies. Without it: http://localhost:PORT.'),
  TRUST_PROXY: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Number of proxies in front whose X-Forwarded-* headers are believed. The compose file sets 1.'),
  ALLOW_PRIVATE_ADDRESSES: yesNo
    .default(false)
    .describe('Lets outgoing connections reach private addresses, for a model on your own machine.'),
  TELEGRAM_API_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://api.telegram.org')
    .describe('Another Bot API server.'),
  META_API_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://graph.facebook.com')
    .describe('Where Meta’s Graph API speaks.'),
  INSTAGRAM_API_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://graph.instagram.com')
    .describe('Where it speaks for Instagram accounts without a Page.'),
  META_GRAPH_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/)
    .default('v26.0')
    .describe('Version of the Graph API. Meta ends each after two years.'),
  META_FILE_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://lookaside.fbsbx.com')
    .describe('Where Meta keeps customers’ files. Those of Messenger and Instagram may also lie at hosts of its own.'),
  WHATSAPP_WEB_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://web.whatsapp.com')
    .describe('Where WhatsApp speaks with linked phones.'),
  WHATSAPP_FILE_ROOT: z
    .url({ protocol: /^https?$/ })
    .default('https://mmg.whatsapp.net')
    .describe('Where WhatsApp keeps the files of linked phones.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('How much is logged. Message text never is.'),
} as const;

export interface Settings {
  port: number;
  host: string;
  dataDir: string;
  keysDir: string;
  baseUrl: string;
  /** Whether BASE_URL was set by hand; the made-up default isn't put into links that leave the house. */
  baseUrlIsSet: boolean;
  trustProxy: number;
  allowPrivate: boolean;
  telegramApiRoot: string;
  metaApiRoot: string;
  instagramApiRoot: string;
  metaGraphVersion: string;
  metaFileRoot: string;
  whatsappWebRoot: string;
  whatsappFileRoot: string;
  logLevel: string;
}

/** A value that can't be used; the message names the variable and what to do. */
export class ConfigError extends Error {}

/** Reads and checks the environment. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(
    Object.keys(variables).flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])),
  );
  const read = z.object(variables).safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new ConfigError(`The environment variable ${String(issue?.path[0])} can't be used: ${issue?.message}.`);
  }
  const value = read.data;
  const dataDir = resolve(value.DATA_DIR);
  const keysDir = resolve(value.KEYS_DIR);
  const within = relative(dataDir, keysDir);
  if (within === '' || (!within.startsWith('..') && !isAbsolute(within))) {
    throw new ConfigError(
      `KEYS_DIR (${keysDir}) lies inside DATA_DIR (${dataDir}). Put the master key outside, so that a copy of the data opens nothing.`,
    );
  }
  return {
    port: value.PORT,
    host: value.HOST,
    dataDir,
    keysDir,
    baseUrl: (value.BASE_URL ?? `http://localhost:${value.PORT}`).replace(/\/+$/, ''),
    baseUrlIsSet: value.BASE_URL !== undefined,
    trustProxy: value.TRUST_PROXY,
    allowPrivate: value.ALLOW_PRIVATE_ADDRESSES,
    telegramApiRoot: value.TELEGRAM_API_ROOT,
    metaApiRoot: value.META_API_ROOT,
    instagramApiRoot: value.INSTAGRAM_API_ROOT,
    metaGraphVersion: value.META_GRAPH_VERSION,
    metaFileRoot: value.META_FILE_ROOT,
    whatsappWebRoot: value.WHATSAPP_WEB_ROOT,
    whatsappFileRoot: value.WHATSAPP_FILE_ROOT,
    logLevel: value.LOG_LEVEL,
  };
}
