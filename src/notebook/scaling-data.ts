// The figures of the scaling plot in notebook 17. `npm run scaling` makes this file anew; nothing in it is written by hand.

import type { ScalingData } from "./scaling";

export const scalingData: ScalingData = {
  text: "Moby-Dick",
  setting: {
    vocabulary: 80,
    blocks: 2,
    heads: 4,
    context: 32,
    sequences: 16,
    steps: 600,
    rate: 0.003,
    warmUp: 100,
    clip: 1,
    engine: "simd, float32, one thread",
  },
  seeds: [1, 2, 3],
  floor: 2.461,
  runs: [
    {
      width: 8,
      parameters: 3328,
      tokens: 307200,
      multiplications: 2492006400,
      losses: [2.526, 2.53, 2.489],
    },
    {
      width: 16,
      parameters: 9648,
      tokens: 307200,
      multiplications: 7815168000,
      losses: [2.374, 2.352, 2.378],
    },
    {
      width: 24,
      parameters: 19040,
      tokens: 307200,
      multiplications: 15969484800,
      losses: [2.29, 2.295, 2.293],
    },
    {
      width: 32,
      parameters: 31504,
      tokens: 307200,
      multiplications: 26954956800,
      losses: [2.249, 2.227, 2.236],
    },
    {
      width: 48,
      parameters: 65648,
      tokens: 307200,
      multiplications: 57419366400,
      losses: [2.193, 2.156, 2.184],
    },
    {
      width: 64,
      parameters: 112080,
      tokens: 307200,
      multiplications: 99208396800,
      losses: [2.126, 2.107, 2.128],
    },
  ],
};
