/** Numbers, sizes and times for people, in their language; pure. */

import type { Translate } from "./translate";

export type { Translate };

/** How numbers, sizes and times are said. Times are milliseconds since 1970 UTC. */
export interface Words {
  readonly t: Translate;
  /** A number with its separators, `12,345`. */
  number(value: number): string;
  /** A size, `1.2 MB`; `bytes` counts bytes. */
  size(bytes: number): string;
  /** An amount of US dollars, `$0.0123`. */
  dollars(value: number): string;
  /** A local date with its time. */
  date(time: number): string;
  /** How long ago, as short as it gets: `now`, `5 min`, `3 h`, `2 d`, `4 mo`, `1 y`. */
  age(time: number, now: number): string;
  /** How long ago, in words: `5 minutes ago`, `yesterday`. */
  ago(time: number, now: number): string;
  /** `1 turn`, `2 turns`. */
  turns(count: number): string;
  /** `1 message`, `2 messages`. */
  messages(count: number): string;
  /** `1 problem`, `2 problems`. */
  problems(count: number): string;
}

/** The words of a language, named as the editor names it (`en`, `pt-br`); one that nobody knows gives the system's. */
export function makeWords(language: string, t: Translate): Words {
  const locale = localeOf(language);
  const plain = new Intl.NumberFormat(locale);
  const money = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const number = (value: number) => plain.format(value);
  return {
    t,
    number,
    size: (bytes) => sizeText(bytes, locale),
    dollars: (value) => money.format(value),
    date: (time) => (Math.abs(time) <= LAST_DATE ? dates.format(time) : t("an impossible date")),
    age: (time, now) => shortAge(elapsed(time, now), number, t),
    ago: (time, now) => {
      const { count, unit } = elapsed(time, now);
      return unit === "now" ? t("just now") : relative.format(-count, unit);
    },
    turns: (count) => (count === 1 ? t("1 turn") : t("{0} turns", number(count))),
    messages: (count) => (count === 1 ? t("1 message") : t("{0} messages", number(count))),
    problems: (count) => (count === 1 ? t("1 problem") : t("{0} problems", number(count))),
  };
}

/** The greatest distance of a date from 1970 that has a calendar, in milliseconds. */
const LAST_DATE = 8.64e15;

const MINUTES_OF_HOUR = 60;
const MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;
const MINUTES_OF_MONTH = 30.4375 * MINUTES_OF_DAY;

interface Elapsed {
  readonly count: number;
  readonly unit: "now" | "minute" | "hour" | "day" | "month" | "year";
}

function elapsed(time: number, now: number): Elapsed {
  const minutes = Math.floor((now - time) / 60_000);
  // Clocks of two machines differ: what lies ahead of us was just now.
  if (!(minutes >= 1)) {
    return { count: 0, unit: "now" };
  }
  if (minutes < MINUTES_OF_HOUR) {
    return { count: minutes, unit: "minute" };
  }
  if (minutes < MINUTES_OF_DAY) {
    return { count: Math.floor(minutes / MINUTES_OF_HOUR), unit: "hour" };
  }
  const months = Math.floor(minutes / MINUTES_OF_MONTH);
  if (months < 1) {
    return { count: Math.floor(minutes / MINUTES_OF_DAY), unit: "day" };
  }
  return months < 12 ? { count: months, unit: "month" } : { count: Math.floor(months / 12), unit: "year" };
}

function shortAge({ count, unit }: Elapsed, number: (value: number) => string, t: Translate): string {
  switch (unit) {
    case "now":
      return t("now");
    case "minute":
      return t("{0} min", number(count));
    case "hour":
      return t("{0} h", number(count));
    case "day":
      return t("{0} d", number(count));
    case "month":
      return t("{0} mo", number(count));
    case "year":
      return t("{0} y", number(count));
  }
}

const SIZE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

function sizeText(bytes: number, locale: string | undefined): string {
  let value = bytes;
  let step = 0;
  // 999,950 is rounded to 1,000.0: it is said in the next unit.
  while (value >= 999.95 && step < SIZE_UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const unit = SIZE_UNITS[step] ?? "byte";
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(value);
}

function localeOf(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
