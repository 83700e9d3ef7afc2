/** How many there were in the last second of the clock that is over. */
export class LastSecond {
  #second = 0;
  #count = 0;
  #before = 0;

  count(amount: number): void {
    this.#turn();
    this.#count += amount;
  }

  get value(): number {
    this.#turn();
    return this.#before;
  }

  #turn(): void {
    const second = Math.floor(Date.now() / 1000);
    if (second === this.#second) return;
    this.#before = second === this.#second + 1 ? this.#count : 0;
    this.#second = second;
    this.#count = 0;
  }
}
