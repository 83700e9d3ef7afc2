import type { Language } from '../texts/texts.ts';
import type { UslFit, UslRefusal } from '../usl.ts';
import type { Attribution, Sign } from './attribution.ts';
import { english } from './conclusion-en.ts';
import { korean } from './conclusion-ko.ts';
import type { Words } from './words.ts';

/** Signs that are told of; more of them say no more. */
const mostSigns = 3;

const wordsOf = (language: Language): Words => ({ en: english, ko: korean })[language];

/** What an attribution found, in sentences: what it names, since when and by what signs, why, what followed, how sure it is. */
export function conclusion(attribution: Attribution, language: Language): string[] {
  const words = wordsOf(language);
  const { outcome, candidates, degradation, followed, evidence, confidence, start } = attribution;
  const [first] = candidates;
  const after = (time: number) => durationIn(words, time - start);
  const signs = onePerKind(degradation?.signs ?? []);
  const facts = evidence.flatMap(({ key, values }) => words.evidence[key](values));
  return [
    outcome === 'named' && first ? words.named(first.resource, first.of) : words.outcomes[outcome],
    ...(degradation
      ? [
          words.began(
            after(degradation.began),
            signs.map((sign) => words.sign(sign)),
          ),
        ]
      : []),
    ...(outcome !== 'named' && first && outcome !== 'invalid' ? [words.likeliest(first.resource, first.of)] : []),
    ...facts,
    ...(outcome === 'named' && followed.length
      ? [
          words.followed(
            followed.map(({ resource, of, after: later }) => words.later(resource, of, durationIn(words, later))),
          ),
        ]
      : []),
    ...(confidence ? [words.confidence[confidence]] : []),
  ];
}

/** What the fit of the Universal Scalability Law says, in sentences. */
export const uslConclusion = (fit: UslFit | UslRefusal, language: Language): string[] =>
  'refused' in fit ? [wordsOf(language).refused[fit.refused](fit.found, fit.needed)] : wordsOf(language).usl(fit);

function onePerKind(signs: readonly Sign[]): Sign[] {
  const firsts = signs.filter((sign, index) => signs.findIndex(({ key }) => key === sign.key) === index);
  return firsts.slice(0, mostSigns);
}

/** Such as `2 min 5 s`. */
function durationIn(words: Words, seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  return words.duration(Math.floor(whole / 60), whole % 60);
}
