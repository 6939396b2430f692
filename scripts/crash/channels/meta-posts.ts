/** What Meta posts: until it is taken, in whatever order, often twice. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../../test/simulators/meta-webhooks.ts';
import type { GraphServer } from '../../../test/simulators/meta-server.ts';
import { untilTaken, type Crowded } from './channel.ts';

/** Meta may not have heard the 200, and posts once more. */
const TWICE = 0.2;

export class MetaPosts {
  /** Of the channel that it posts to. */
  publicId = '';
  /** What waits to be told of what was sent. */
  untold = 0;
  readonly #far: GraphServer;
  readonly #posted: Json[] = [];

  constructor(far: GraphServer) {
    this.#far = far;
  }

  async deliver({ url }: Crowded, body: Json): Promise<void> {
    this.#posted.push(body);
    const post = async (): Promise<true | undefined> => ((await this.#far.deliver(this.#at(url), body)).at(-1) === 200 ? true : undefined);
    await untilTaken(post);
    if (Math.random() < TWICE) await post().catch(() => undefined);
  }

  /** All that is told of one thing that was sent, each at a moment of its own; `taken` once one was taken. */
  async tell(crowd: Crowded, told: { body: Json; taken?: () => void }[]): Promise<void> {
    this.untold++;
    await Promise.all(
      told.map(async ({ body, taken }) => {
        await pause(Math.random() * 300);
        await this.deliver(crowd, body);
        taken?.();
      }),
    );
    this.untold--;
  }

  async again({ url }: Crowded): Promise<void> {
    for (const body of this.#posted.toReversed()) await this.#far.deliver(this.#at(url), body, { times: 3 });
  }

  #at(url: string): string {
    return `${url}/webhooks/${this.publicId}`;
  }
}
