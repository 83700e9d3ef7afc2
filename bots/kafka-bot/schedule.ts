/** A straight line from the rate before it, which is its own where there is none before it and no jump is asked for. */
export interface Stage {
  readonly seconds: number;
  /** Messages per second at its start and at its end, of all producers together. */
  readonly from: number;
  readonly to: number;
}

interface Piece extends Stage {
  /** Seconds, and the integral of the rate, before it. */
  readonly starts: number;
  readonly before: number;
}

/**
 * When each message of a run is due, fixed beforehand. Message k, from 0, is due when the integral of the rate reaches
 * k + ½: so what came due differs from the integral by half a message at most, and none is due while the rate is 0.
 */
export class Schedule {
  readonly seconds: number;
  /** Messages of the whole run. */
  readonly total: number;
  readonly #pieces: readonly Piece[];
  readonly #integral: number;

  constructor(stages: readonly Stage[]) {
    const pieces: Piece[] = [];
    let [starts, before] = [0, 0];
    for (const stage of stages) {
      pieces.push({ ...stage, starts, before });
      starts += stage.seconds;
      before += (stage.seconds * (stage.from + stage.to)) / 2;
    }
    this.#pieces = pieces;
    this.seconds = starts;
    this.#integral = before;
    this.total = Math.round(before);
  }

  /** Messages per second at an instant in seconds since the start; 0 before and after the run. */
  rateAt(seconds: number): number {
    const piece = this.#pieceAt(seconds);
    return piece ? piece.from + slopeOf(piece) * (seconds - piece.starts) : 0;
  }

  /** How many messages are due by an instant in seconds since the start. */
  dueBy(seconds: number): number {
    if (seconds >= this.seconds) return this.total;
    const piece = this.#pieceAt(seconds);
    if (!piece) return 0;
    const within = seconds - piece.starts;
    return Math.round(piece.before + within * (piece.from + (slopeOf(piece) * within) / 2));
  }

  /** When a message is due, in seconds since the start. */
  timeOf(message: number): number {
    const target = Math.min(message + 0.5, this.#integral);
    let index = 0;
    while (index + 1 < this.#pieces.length && (this.#pieces[index + 1] as Piece).before < target) index++;
    const piece = this.#pieces[index];
    if (!piece) return 0;
    const area = target - piece.before;
    // Of the two ways to solve the quadratic equation, the one that divides by a sum: it holds for a slope of 0, too.
    const root = Math.sqrt(Math.max(0, piece.from * piece.from + 2 * slopeOf(piece) * area));
    return piece.starts + Math.min(piece.seconds, (2 * area) / (piece.from + root));
  }

  #pieceAt(seconds: number): Piece | undefined {
    return seconds < 0 ? undefined : this.#pieces.find(({ starts, seconds: length }) => seconds < starts + length);
  }
}

const slopeOf = ({ from, to, seconds }: Stage): number => (to - from) / seconds;

/** How many of the first messages of all are a producer's: of N producers, number i sends each message k with k mod N = i. */
export const shareOf = (messages: number, producer: number, producers: number): number =>
  Math.max(0, Math.ceil((messages - producer) / producers));
