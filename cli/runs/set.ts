import { InvalidArgumentError } from 'commander';

/** The settings of `--set vus=20,duration=5m`, beside those of a `--set` before it. */
export function asSettings(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const settings = { ...before };
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (!name || !value)
      throw new InvalidArgumentError(
        'It must be name=value, several divided by commas, for example vus=20,duration=5m.',
      );
    if (Object.hasOwn(settings, name)) throw new InvalidArgumentError(`It sets ${name} twice.`);
    settings[name] = value;
  }
  return settings;
}
