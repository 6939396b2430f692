/** What every bench prints: its figures beside what they were compared with in the same run. */
export interface Report {
  name: string;
  figures: Record<string, number>;
  /** The same keys, measured in the same run; a key that has no counterpart is left out. */
  compared: Record<string, number>;
  ratios: Record<string, number>;
  /** Each target in words. */
  targets: Record<string, string>;
  met: Record<string, boolean>;
}

export function print(report: Report, json: boolean): void {
  const lines = Object.entries(report.figures).map(([key, value]) => {
    const compared = report.compared[key];
    return `  ${key.padEnd(22)} ${format(value).padStart(10)}${compared === undefined ? '' : `   compared: ${format(compared)}`}`;
  });
  const ratios = Object.entries(report.ratios).map(([key, value]) => `  ${`ratio of ${key}`.padEnd(22)} ${format(value).padStart(10)}`);
  const targets = Object.entries(report.targets).map(([key, words]) => `  ${report.met[key] ? 'met  ' : 'short'} ${key}: ${words}`);
  process.stdout.write(`${report.name}\n${[...lines, ...ratios, ...targets].join('\n')}\n`);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
