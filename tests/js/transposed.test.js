import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterSteps,
  countsInside,
  cutPadding,
  fullSide,
  isEven,
  makeKernel,
  outputSide,
  placeOf,
} from "../../dcgan/web/learn/transposed.js";

const INPUT = [
  [1, 2, 0],
  [3, 1, 1],
  [0, 2, 1],
];

// torch.nn.functional.conv_transpose2d of INPUT with the kernel of makeKernel
const TORCH = [
  {
    kernel: 4,
    stride: 2,
    padding: 1,
    output: [
      [4, 8, 10, 8, 4, 0],
      [10, 15, 15, 11, 7, 2],
      [14, 18, 15, 10, 8, 4],
      [12, 16, 14, 11, 10, 6],
      [6, 11, 13, 13, 11, 6],
      [0, 4, 8, 10, 8, 4],
    ],
  },
  {
    kernel: 3,
    stride: 2,
    padding: 1,
    output: [
      [4, 6, 8, 4, 0],
      [8, 7, 6, 4, 2],
      [12, 8, 4, 4, 4],
      [6, 6, 6, 5, 4],
      [0, 4, 8, 6, 4],
    ],
  },
  {
    kernel: 5,
    stride: 3,
    padding: 2,
    output: [
      [9, 12, 15, 18, 12, 6, 0],
      [15, 15, 15, 15, 11, 7, 3],
      [21, 18, 15, 12, 10, 8, 6],
      [27, 21, 15, 9, 9, 9, 9],
      [18, 16, 14, 12, 11, 10, 9],
      [9, 11, 13, 15, 13, 11, 9],
      [0, 6, 12, 18, 15, 12, 9],
    ],
  },
  {
    kernel: 2,
    stride: 1,
    padding: 0,
    output: [
      [1, 3, 2, 0],
      [4, 7, 4, 1],
      [3, 6, 5, 2],
      [0, 2, 3, 1],
    ],
  },
  {
    kernel: 2,
    stride: 3,
    padding: 0,
    output: [
      [1, 1, 0, 2, 2, 0, 0, 0],
      [1, 1, 0, 2, 2, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [3, 3, 0, 1, 1, 0, 1, 1],
      [3, 3, 0, 1, 1, 0, 1, 1],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 2, 2, 0, 1, 1],
      [0, 0, 0, 2, 2, 0, 1, 1],
    ],
  },
];

/** All shapes that the Learn tab offers for an input of 3 × 3. */
function* shapes() {
  for (const kernel of [2, 3, 4, 5])
    for (const stride of [1, 2, 3])
      for (const padding of [0, 1, 2]) {
        const shape = { kernel, stride, padding };
        if (outputSide(3, shape) > 0) yield shape;
      }
}

test("the output after all steps is PyTorch's conv_transpose2d", () => {
  for (const { kernel, stride, padding, output } of TORCH) {
    const shape = { kernel, stride, padding };
    const { sums } = afterSteps(INPUT, makeKernel(kernel), shape, 9);
    assert.deepEqual(cutPadding(sums, padding), output, JSON.stringify(shape));
  }
});

test("the output has the side that its formula says", () => {
  assert.equal(outputSide(4, { kernel: 4, stride: 2, padding: 1 }), 8);
  for (const shape of shapes()) {
    const { sums } = afterSteps(INPUT, makeKernel(shape.kernel), shape, 9);
    assert.equal(sums.length, fullSide(3, shape));
    const left = cutPadding(sums, shape.padding);
    assert.deepEqual([left.length, left[0].length], [outputSide(3, shape), outputSide(3, shape)]);
  }
});

test("each step adds one value times the kernel at its place, and one to the counts there", () => {
  for (const shape of shapes()) {
    const kernel = makeKernel(shape.kernel);
    for (let step = 0; step < 9; step++) {
      const before = afterSteps(INPUT, kernel, shape, step);
      const after = afterSteps(INPUT, kernel, shape, step + 1);
      const { row, column } = placeOf(step, 3, shape);
      const value = INPUT.flat()[step];
      after.sums.forEach((cells, down) => {
        cells.forEach((sum, across) => {
          const weight = kernel[down - row]?.[across - column];
          assert.equal(sum - before.sums[down][across], weight === undefined ? 0 : value * weight);
          assert.equal(after.counts[down][across] - before.counts[down][across], weight === undefined ? 0 : 1);
        });
      });
    }
  }
});

test("the counts inside are those of a large output away from its edges", () => {
  const large = Array.from({ length: 12 }, () => new Array(12).fill(1));
  for (const shape of shapes()) {
    const { counts } = afterSteps(large, makeKernel(shape.kernel), shape, 144);
    const line = counts[6 * shape.stride].slice(6 * shape.stride, 7 * shape.stride);
    const inside = countsInside(shape);
    assert.deepEqual(
      line,
      inside.map((count) => count * inside[0]),
    );
  }
});

test("kernel 4 with stride 2 is even, kernel 3 with stride 2 is not", () => {
  assert.deepEqual(countsInside({ kernel: 4, stride: 2, padding: 1 }), [2, 2]);
  assert.deepEqual(countsInside({ kernel: 3, stride: 2, padding: 1 }), [2, 1]);
  assert.ok(isEven({ kernel: 4, stride: 2, padding: 1 }));
  assert.ok(!isEven({ kernel: 3, stride: 2, padding: 1 }));
  for (const shape of shapes()) assert.equal(isEven(shape), shape.kernel % shape.stride === 0);
});

test("a kernel is symmetric, with its largest weight in the middle", () => {
  assert.deepEqual(makeKernel(3), [
    [1, 2, 1],
    [2, 4, 2],
    [1, 2, 1],
  ]);
  assert.deepEqual(makeKernel(4)[1], [2, 4, 4, 2]);
});
