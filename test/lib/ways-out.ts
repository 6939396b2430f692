import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';

/** Makes ways out, and closes them at `end` with whatever else was put among the `opened`. */
export function waysOut(end: (act: () => Promise<void>) => void) {
  const opened: { close(): Promise<void> }[] = [];
  end(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  return {
    opened,
    way(options: Parameters<typeof createOutbound>[0]): Outbound {
      const made = createOutbound(options);
      opened.push(made);
      return made;
    },
  };
}
