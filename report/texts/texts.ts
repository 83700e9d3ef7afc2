import { en } from './en.ts';
import { ko } from './ko.ts';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
export type Texts = typeof en;

export const textsOf = (language: Language): Texts => ({ en, ko })[language];
