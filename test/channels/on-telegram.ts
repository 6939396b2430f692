import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

/** Café Aurora with a stand-in of Telegram, without a server. */
export interface OnTelegram {
  far: TelegramSimulator;
  test: TestInstallation;
  ws: Workspace;
}

type Hook = (act: () => Promise<void>) => void;

/** Opened at `begin`, shut at `end`; what is returned is filled by then. What listens must be ended by a hook before it. */
export function onTelegram(begin: Hook, end: Hook): OnTelegram {
  const opened = {} as OnTelegram;
  begin(async () => {
    const far = await new TelegramSimulator().start();
    const test = await testInstallation({ env: { TELEGRAM_API_ROOT: far.url } });
    Object.assign(opened, {
      far,
      test,
      ws: test.installation.workspaces.hold(cafeAurora(test.installation)).workspace,
    } satisfies OnTelegram);
  });
  end(async () => {
    await opened.test.end();
    await opened.far.stop();
  });
  return opened;
}
