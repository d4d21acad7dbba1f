/** Answers by address, the latest ones kept; one that failed is asked for again. */
export class Kept {
  #load;
  #most;
  #answers = new Map();

  /**
   * @param {function(string): Promise} load asks for what an address holds
   * @param {number} most answers are kept
   */
  constructor(load, most) {
    this.#load = load;
    this.#most = most;
  }

  async get(url) {
    if (!this.#answers.has(url)) {
      const answer = this.#load(url);
      answer.catch(() => this.#answers.delete(url));
      this.#answers.set(url, answer);
      if (this.#answers.size > this.#most) this.#answers.delete(this.#answers.keys().next().value);
    }
    return this.#answers.get(url);
  }
}
