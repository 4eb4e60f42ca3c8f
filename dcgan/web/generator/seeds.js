// Seeds: the latent of a seed, the same numbers as dcgan/latent/seeds.py draws with NumPy: a SeedSequence seeds the
// Mersenne Twister MT19937, whose numbers become N(0, 1) by the polar method.

const WORDS = 624; // of the Mersenne Twister's state
const SHIFT = 397;
const TWO_32 = 2n ** 32n;

/**
 * The N(0, I) latent of a seed, rounded to float32 as the server's.
 * @param {string | number | bigint} seed in 0 … 2^63 - 1
 * @param {number} nz
 * @returns {Float32Array}
 */
export function zFromSeed(seed, nz) {
  const random = mersenneTwister(seedSequence(BigInt(seed), WORDS));
  const uniform = () => ((random() >>> 5) * 67108864 + (random() >>> 6)) / 9007199254740992;
  const z = new Float32Array(nz);
  for (let index = 0; index < nz; index += 2) {
    let [x, y, square] = [0, 0, 0];
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    z[index] = scale * y;
    if (index + 1 < nz) z[index + 1] = scale * x;
  }
  return z;
}

/**
 * NumPy's SeedSequence(seed).generate_state(count): spreads a seed's bits over many words (by O'Neill's seed_seq).
 * @param {bigint} seed
 * @param {number} count
 */
export function seedSequence(seed, count) {
  const words = [Number(seed % TWO_32), Number(seed / TWO_32), 0, 0];
  let constant = 0x43b0d7e5;
  const hash = (/** @type {number} */ value, /** @type {number} */ factor) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, factor);
    const product = Math.imul(mixed, constant);
    return product ^ (product >>> 16);
  };
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => {
    const sum = Math.imul(0xca01f9dd, a) - Math.imul(0x4973f715, b);
    return sum ^ (sum >>> 16);
  };
  const pool = words.map((word) => hash(word, 0x931e8875));
  for (let source = 0; source < 4; source += 1) {
    for (let target = 0; target < 4; target += 1) {
      if (source !== target) pool[target] = mix(pool[target], hash(pool[source], 0x931e8875));
    }
  }
  constant = 0x8b51f9dd;
  return Uint32Array.from({ length: count }, (_, index) => hash(pool[index % 4], 0x58f38ded));
}

/**
 * A source of 32-bit numbers, from MT19937's state (Matsumoto and Nishimura 1998).
 * @param {Uint32Array} state
 */
function mersenneTwister(state) {
  state[0] = 0x80000000; // NumPy's, so that the state is never all zeros
  let index = WORDS - 1; // as NumPy's, which begins with the last word
  return () => {
    if (index === WORDS) {
      twist(state);
      index = 0;
    }
    let word = state[index];
    index += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

/** @param {Uint32Array} state */
function twist(state) {
  for (let index = 0; index < WORDS; index += 1) {
    const bits = (state[index] & 0x80000000) | (state[(index + 1) % WORDS] & 0x7fffffff);
    state[index] = state[(index + SHIFT) % WORDS] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
  }
}
