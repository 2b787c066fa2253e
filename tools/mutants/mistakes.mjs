// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
// Plausible mistakes, picked by hand: each is an exact piece of a source file and what somebody might have written there.
// A piece must occur exactly once, so that a change of the library that moves it is noticed.

/**
 * @typedef {object} Mistake
 * @property {string} file under src/
 * @property {string} what the mistake, in words
 * @property {string} find
 * @property {string} replace
 */

/**
 * @param {string} file
 * @param {[what: string, find: string, replace: string][]} mistakes
 * @returns {Mistake[]}
 */
const inFile = (file, mistakes) => mistakes.map(([what, find, replace]) => ({ file, what, find, replace }));

/** The tests that are to notice, by the beginning of the source's path; the first that fits. */
export const noticedBy = [
  ["activations/", ["tests/library/activations.test.ts"]],
  ["initializers/", ["tests/library/initializers.test.ts"]],
  ["losses/", ["tests/library/losses.test.ts"]],
  ["layers/additive-attention", ["tests/sequences/additive.test.ts"]],
  ["layers/attention-mask", ["tests/sequences/attention-mask.test.ts"]],
  ["layers/self-attention", ["tests/sequences/attention.test.ts", "tests/sequences/attention-mask.test.ts"]],
  ["layers/rotary", ["tests/layers/rotary.test.ts", "tests/sequences/attention.test.ts"]],
  ["layers/positions", ["tests/layers/positions.test.ts", "tests/layers/every-layer.test.ts"]],
  ["layers/swiglu", ["tests/layers/every-layer.test.ts"]],
  ["layers/transformer-block", ["tests/sequences/gpt.test.ts"]],
  ["layers/gpt", ["tests/sequences/gpt.test.ts"]],
  ["text/sampling", ["tests/sequences/sampling.test.ts"]],
  ["text/generate", ["tests/sequences/sampling.test.ts"]],
  ["optimizers/adam-w", ["tests/sequences/gpt.test.ts", "tests/library/optimizers.test.ts"]],
  [
    "numbers/kernels/attention",
    ["tests/sequences/attention.test.ts", "tests/sequences/attention-mask.test.ts"],
  ],
  ["numbers/kernels/layer-norm", ["tests/library/layers.test.ts"]],
  ...["attention", "exp", "cross-entropy", "gelu", "layer-norm"].map(
    (name) =>
      /** @type {[string, string[]]} */ ([
        `numbers/kernels/simd/assembly/${name}`,
        ["tests/library/simd-sequences.test.ts"],
      ]),
  ),
  ["layers/embedding", ["tests/sequences/ids.test.ts"]],
  ["layers/recurrent", ["tests/sequences/recurrent.test.ts"]],
  ["layers/lstm", ["tests/sequences/recurrent.test.ts"]],
  ["layers/gru", ["tests/sequences/recurrent.test.ts"]],
  ["layers/through-time", ["tests/sequences/recurrent.test.ts"]],
  ["text/characters", ["tests/text/text.test.ts"]],
  ["text/counts", ["tests/text/text.test.ts"]],
  ["text/byte-pairs", ["tests/text/text.test.ts"]],
  ["text/windows", ["tests/text/text.test.ts"]],
  ["layers/rms-norm", ["tests/layers/every-layer.test.ts", "tests/layers/rms-norm.test.ts"]],
  ["layers/door", ["tests/sequences/ids.test.ts", "tests/layers/every-layer.test.ts"]],
  ["layers/tied-head", ["tests/sequences/tied.test.ts"]],
  ["training/batches", ["tests/sequences/batches.test.ts", "tests/library/training.test.ts"]],
  ["core/answers", ["tests/sequences/ragged.test.ts"]],
  ["layers/", ["tests/library/layers.test.ts", "tests/library/engines.test.ts"]],
  ["numbers/kernels/simd/", ["tests/library/simd.test.ts"]],
  [
    "numbers/kernels/plain-engine",
    ["tests/library/optimizers.test.ts", "tests/library/layers.test.ts", "tests/library/activations.test.ts"],
  ],
  ["core/predict", ["tests/library/engines.test.ts"]],
  ["core/pass", ["tests/library/pass.test.ts", "tests/library/layers.test.ts"]],
  ["numbers/kernels/", ["tests/library/kernels.test.ts"]],
  ["numbers/matrix", ["tests/library/matrix.test.ts"]],
  ["numbers/random", ["tests/library/random.test.ts"]],
  ["optimizers/regularizers", ["tests/library/regularizers.test.ts"]],
  ["optimizers/schedules", ["tests/library/schedules.test.ts"]],
  ["optimizers/", ["tests/library/optimizers.test.ts"]],
  ["datasets/", ["tests/library/datasets.test.ts"]],
  ["inspect/metrics", ["tests/library/metrics.test.ts"]],
  ["inspect/gradient-check", ["tests/library/gradient-check.test.ts"]],
  ["inspect/recorder", ["tests/library/layers.test.ts"]],
  ["inspect/trace/", ["tests/library/trace.test.ts"]],
  ["serialization/", ["tests/library/serialization.test.ts"]],
  ["training/residence", ["tests/library/engines.test.ts"]],
  ["training/learning-rate-finder", ["tests/library/learning-rate-finder.test.ts"]],
  ["", ["tests/library/training.test.ts", "tests/library/layers.test.ts"]],
];

/** @type {Mistake[]} */
export const mistakes = [
  // the matrix products
  ...inFile("numbers/kernels/plain.ts", [
    [
      "the ReLU's slope at exactly 0 is 1",
      "dZ[i] = a[i] > 0 ? dA[i] : 0;\n    dZ[i + 1]",
      "dZ[i] = a[i] >= 0 ? dA[i] : 0;\n    dZ[i + 1]",
    ],
    [
      "the fourth of four slopes is the third",
      "a[i + 3] > 0 ? dA[i + 3] : 0",
      "a[i + 3] > 0 ? dA[i + 2] : 0",
    ],
    [
      "what is left of fours gets no slope",
      "for (let i = fours; i < a.length; i++) dZ[i]",
      "for (let i = fours; i < a.length - 1; i++) dZ[i]",
    ],
    ["a dropped transpose: Aᵀ·B walks A as it is", "const aRow = turnLeft ? k : 1;", "const aRow = 1;"],
    ["a dropped transpose: A·Bᵀ walks B as it is", "const bInner = turnRight ? c : 1;", "const bInner = 1;"],
    [
      "the bias comes before the sum is complete, once a panel",
      "const addend = to === k ? bias : undefined;",
      "const addend = bias;",
    ],
    ["a product adds to what was there", "const goOn = add || from > 0;", "const goOn = true;"],
    ["dW = dZ·Xᵀ overwrites instead of adding", "const goOn = add || from > 0;", "const goOn = from > 0;"],
    ["a panel forgets the panels before it", "const goOn = add || from > 0;", "const goOn = add;"],
    ["the ReLU cuts a sum that is not complete", "const cut = to === k && relu;", "const cut = relu;"],
    ["the last of four rows is multiplied with the third's numbers", "v3 += w3 * q;", "v3 += w2 * q;"],
    ["the tile's second column has the first one's bias twice", "t0 += c0;", "t0 += c0 + c0;"],
    ["one entry of a tile is not cut at 0", "out[o3 + 3] = relu && v3 <= 0 ? 0 : v3;", "out[o3 + 3] = v3;"],
    [
      "a cut that swallows NaN",
      "out[o] = relu && sum <= 0 ? 0 : sum;",
      "out[o] = relu ? (sum > 0 ? sum : 0) : sum;",
    ],
    ["a cut that keeps −0", "out[o] = relu && sum <= 0 ? 0 : sum;", "out[o] = relu && sum < 0 ? 0 : sum;"],
    [
      "a sum of two is taken for one of any length",
      "if (!goOn && (depth === 1 || depth === 2)) {",
      "if (!goOn && depth >= 1) {",
    ],
    [
      "a sum of two forgets what is there",
      "if (!goOn && (depth === 1 || depth === 2)) {",
      "if (depth === 1 || depth === 2) {",
    ],
    [
      "a sum of one begins with −0",
      "const s3 = 0 + w3 * x + c3;",
      "const s3 = bias === undefined ? w3 * x : w3 * x + c3;",
    ],
    [
      "a sum of two takes the first column twice",
      "const v2 = a[at + aInner + 2 * aRow];",
      "const v2 = a[at + 2 * aRow];",
    ],
    [
      "the bias before the products",
      "const s1 = 0 + w1 * x + v1 * y + c1;",
      "const s1 = c1 + w1 * x + v1 * y;",
    ],
    [
      "four columns are added to each other before they are added to the sum",
      "out[i] = out[i] + a[one + i] + a[two + i] + a[three + i] + a[four + i];",
      "out[i] = out[i] + (a[one + i] + a[two + i] + a[three + i] + a[four + i]);",
    ],
    [
      "the last of eight has the seventh's line",
      "s7 += x * others[there + 7 * otherStep];",
      "s7 += x * others[there + 6 * otherStep];",
    ],
    [
      "an edge walks its lines with the wrong step",
      "s3 += x * others[there + 3 * otherStep];",
      "s3 += x * others[there + 3];",
    ],
    [
      "the last column of a product is never computed",
      "for (let j = columns; j < c; j++) {",
      "for (let j = columns; j < c - 1; j++) {",
    ],
    [
      "the last row of a product is never computed",
      "for (let i = rows; i < r; i++) {",
      "for (let i = rows; i < r - 1; i++) {",
    ],
    [
      "a bias gradient overwrites instead of adding",
      "out[i] = out[i] + a[column + i];",
      "out[i] = a[column + i];",
    ],
  ]),
  ...inFile("numbers/matrix.ts", [
    [
      "transpose mixes up its strides",
      "result.data[i * this.columns + j] = this.data[j * this.rows + i];",
      "result.data[j * this.rows + i] = this.data[j * this.rows + i];",
    ],
    [
      "a column is added to rows: broadcasting along the wrong side",
      "right.data[spread ? i : at]",
      "right.data[spread ? j % right.rows : at]",
    ],
    [
      "a clone shares its numbers",
      "return new Matrix(this.rows, this.columns, new Float64Array(this.data));",
      "return new Matrix(this.rows, this.columns, this.data);",
    ],
    [
      "the look for broken numbers overlooks a quarter of them",
      "if (zero + one + two + three === 0) return;",
      "if (zero + one + two === 0) return;",
    ],
  ]),

  // layers
  ...inFile("layers/dense.ts", [
    [
      "db overwrites instead of adding",
      "this.bias.gradient.data[i] = this.bias.gradient.data[i] + db.data[i];",
      "this.bias.gradient.data[i] = db.data[i];",
    ],
    [
      "dW is made from the slopes instead of the input",
      "engine.product(dZ, input, this.weights.gradient, ADD_OUTER);",
      "engine.product(dZ, dZ, this.weights.gradient, ADD_OUTER);",
    ],
    [
      "an infinite input hides behind a ReLU",
      'if (!pass.engine.allFinite(input)) requireFinite(ownerOf(this), "the input", input);',
      "",
    ],
    [
      "a ReLU in the layer forgets its way back",
      "return this.backward(input, dZ, pass);",
      "return this.backward(input, dOutput, pass);",
    ],
    ["biases decay as weights do", "{ decays: false }", "{ decays: true }"],
    [
      "dX is made with the gradient of the weights",
      "engine.product(this.weights.value, dZ, dInput, TURNED);",
      "engine.product(this.weights.gradient, dZ, dInput, TURNED);",
    ],
  ]),
  ...inFile("layers/sequential.ts", [
    [
      "the way back runs forwards",
      "for (let i = back.length - 1; i >= 0; i--)",
      "for (let i = 0; i < back.length; i++)",
    ],
    [
      "a layer used twice is stepped twice",
      "this.parameters = [...new Set(layers.flatMap((layer) => layer.parameters))];",
      "this.parameters = layers.flatMap((layer) => layer.parameters);",
    ],
    ["later layers skip their input gradient as the first may", "i === 0 ? pass : pass.inner", "pass"],
  ]),
  ...inFile("layers/residual.ts", [
    [
      "the slope goes through the inner layer only",
      "add(dOutput, throughInner, dInput);",
      "dInput.copyFrom(throughInner);",
    ],
    ["the input is not added", "add(x, change, sum);", "sum.copyFrom(change);"],
  ]),
  ...inFile("layers/dropout.ts", [
    ["the mask is not scaled by 1/(1 − rate)", "const keep = 1 / (1 - this.rate);", "const keep = 1;"],
    [
      "scaled by 1/rate",
      "const keep = 1 / (1 - this.rate);",
      "const keep = this.rate > 0 ? 1 / this.rate : 1;",
    ],
    [
      "keeps what it should drop",
      "this.random.rand() > this.rate ? keep : 0",
      "this.random.rand() < this.rate ? keep : 0",
    ],
    ["drops at inference, too", "if (!pass.training || this.rate === 0)", "if (this.rate === 0)"],
    [
      "the way back does not know the mask",
      "dInput.data[k] = dOutput.data[k] * mask.data[k];",
      "dInput.data[k] = dOutput.data[k] * keep;",
    ],
  ]),
  ...inFile("layers/batch-norm.ts", [
    [
      "ε outside the root",
      "const scale = 1 / Math.sqrt(variance.data[i] + this.epsilon);",
      "const scale = 1 / (Math.sqrt(variance.data[i]) + this.epsilon);",
    ],
    [
      "the variance divides by m − 1",
      "variance.data[i] = squares / m;",
      "variance.data[i] = squares / Math.max(m - 1, 1);",
    ],
    [
      "the batch's mean counts as a constant on the way back",
      "const level = measured ? dBeta / m : 0;",
      "const level = 0;",
    ],
    [
      "the batch's variance counts as a constant on the way back",
      "const along = measured ? dGamma / m : 0;",
      "const along = 0;",
    ],
    [
      "momentum the wrong way round",
      "runningMean.data[i] = momentum * runningMean.data[i] + (1 - momentum) * mean.data[i];",
      "runningMean.data[i] = (1 - momentum) * runningMean.data[i] + momentum * mean.data[i];",
    ],
    [
      "the running variance follows the mean",
      "runningVariance.data[i] = momentum * runningVariance.data[i] + (1 - momentum) * variance.data[i];",
      "runningVariance.data[i] = momentum * runningVariance.data[i] + (1 - momentum) * mean.data[i];",
    ],
    ["batch statistics at inference", "const measured = pass.training && m > 1;", "const measured = m > 1;"],
    [
      "dγ overwrites instead of adding",
      "this.gamma.gradient.data[i] = this.gamma.gradient.data[i] + dGamma;",
      "this.gamma.gradient.data[i] = dGamma;",
    ],
  ]),
  // attention, and what a GPT is made of
  ...inFile("numbers/kernels/layer-norm.ts", [
    ["means over the examples instead of the features", "variance /= n;", "variance /= m;"],
    ["γ is forgotten on the way back", "dX[k] = (gamma[i] * dY[k] - mean", "dX[k] = (dY[k] - mean"],
    ["the part along x̂ is not taken away", "- normal[k] * along) * inverse[j];", ") * inverse[j];"],
    [
      "dγ overwrites instead of adding",
      "dGamma[i] = dGamma[i] + dY[k] * normal[k];",
      "dGamma[i] = dY[k] * normal[k];",
    ],
    ["a variance that overflows goes through", "return zero === 0;", "return true;"],
  ]),
  ...inFile("numbers/kernels/attention.ts", [
    [
      "the mask lets a token see the next one",
      "const seen = (causal ? t + 1 : starts[s + 1]) - first;",
      "const seen = Math.min(causal ? t + 2 : starts[s + 1], starts[s + 1]) - first;",
    ],
    [
      "a token does not see itself on the way back",
      "const seen = causal ? t + 1 : length;",
      "const seen = causal ? t : length;",
    ],
    ["the scores are not scaled", "hidden ? -Infinity : scale * dot(", "hidden ? -Infinity : dot("],
    [
      "the weights do not sum to 1",
      "for (let u = 0; u < seen; u++) weights[column + u] = weights[column + u] / sum;",
      "",
    ],
    [
      "without the largest score taken off, e to the score overflows",
      "Math.exp(weights[column + u] - largest)",
      "Math.exp(weights[column + u])",
    ],
    [
      "the mask is read for the first query, whoever asks",
      "const masked = (t - first) * (mask?.rows ?? 0);",
      "const masked = 0;",
    ],
    [
      "the mask of a sequence is counted from the first one",
      "const masked = (t - first) * (mask?.rows ?? 0);",
      "const masked = (t % (mask?.rows ?? 1)) * (mask?.rows ?? 0);",
    ],
    ["a hidden key has the score 0, and so a weight", "hidden ? -Infinity : scale", "hidden ? 0 : scale"],
    [
      "every head reads the first head's values",
      "mean += V[from + u * rows + k] * weights[column + u];",
      "mean += V[from - (from % rows) + u * rows + k] * weights[column + u];",
    ],
    [
      "a sequence reads the values of the first one",
      "mean += V[from + u * rows + k]",
      "mean += V[(from % rows) + u * rows + k]",
    ],
    [
      "the softmax's mean is not taken off on the way back",
      "(slopes[column + u] - mean));",
      "slopes[column + u]);",
    ],
    [
      "the scale is forgotten on the way back",
      "slopes[column + u] = scale * (weights",
      "slopes[column + u] = (weights",
    ],
    [
      "da is compared with keys instead of values",
      "dot(size, V, (first + u) * rows + from, dO, q);",
      "dot(size, K, (first + u) * rows + from, dO, q);",
    ],
    [
      "dQ takes the queries instead of the keys",
      "sum += K[(first + u) * rows + from + k] * slopes[column + u];",
      "sum += Q[(first + u) * rows + from + k] * slopes[column + u];",
    ],
    ["dK takes the keys instead of the queries", "fit += Q[k0] * slopes[at];", "fit += K[k0] * slopes[at];"],
    [
      "dV takes the slopes instead of the weights",
      "blame += weights[at] * dO[k0];",
      "blame += slopes[at] * dO[k0];",
    ],
    [
      "a key is not blamed by its own token",
      "for (let t = causal ? u : 0; t < length; t++) {",
      "for (let t = causal ? u + 1 : 0; t < length; t++) {",
    ],
  ]),
  ...inFile("layers/additive-attention.ts", [
    [
      "query and key are multiplied, as in the other kind",
      "Math.tanh(Q.data[t * hidden + k] + K.data[(first + u) * hidden + k])",
      "Math.tanh(Q.data[t * hidden + k] * K.data[(first + u) * hidden + k])",
    ],
    ["the hidden units are not bent", "const z = Math.tanh(", "const z = ("],
    [
      "not the largest score is taken off, but the last",
      "largest = Math.max(largest, score);",
      "largest = score;",
    ],
    [
      "what comes back is a mean of the keys' first words",
      "mean += words.data[(first + u) * width + i] * weights.data[column + u];",
      "mean += words.data[u * width + i] * weights.data[column + u];",
    ],
    [
      "the weights do not sum to 1",
      "for (let u = 0; u < seen; u++) weights.data[column + u] = weights.data[column + u] / sum;",
      "",
    ],
    ["a word is not blamed for what it said", "dWords.data[word + i] += a * dc; // for what it said", ""],
    [
      "a word is not blamed for how it was found",
      "engine.product(this.key.value, dK, dWords, TURNED_ADD); // for how it was found",
      "",
    ],
    ["the softmax's mean is not taken off on the way back", "(slopes.data[u] - mean);", "slopes.data[u];"],
    ["the slope of tanh is forgotten", "const dz = ds * v[k] * (1 - z * z);", "const dz = ds * v[k];"],
    ["v is blamed without its unit", "dv[k] += ds * z;", "dv[k] += ds;"],
    [
      "the last pair's blame is a query's whole blame",
      "dQ.data[t * hidden + k] += dz;",
      "dQ.data[t * hidden + k] = dz;",
    ],
    [
      "the words of every sequence are blamed in the first",
      "dK.data[(first + u) * hidden + k] += dz;",
      "dK.data[u * hidden + k] += dz;",
    ],
    [
      "dWk takes the queries instead of the words",
      "engine.product(dK, words, this.key.gradient, ADD_OUTER); // dWk += dk·mᵀ",
      "engine.product(dK, queries, this.key.gradient, ADD_OUTER);",
    ],
    [
      "as a layer its tokens are blamed as words alone",
      "pass.engine.add(dQueries, dWords, dWords); // the same tokens in both roles",
      "",
    ],
  ]),
  ...inFile("layers/attention-mask.ts", [
    [
      "a mask may hide all",
      "throw new ValueError(\n      `${owner}: expected a mask that lets each token see at least one, got",
      "new ValueError(\n      `${owner}: expected a mask that lets each token see at least one, got",
    ],
    ["later tokens count as seen", "!(causal && first > t)", "true"],
    ["a short sequence may see nothing", "if (firstSeen(mask, t) < length) continue;", "continue;"],
    ["a sequence longer than the mask goes through", "if (length <= mask.rows) return;", "return;"],
  ]),
  ...inFile("layers/self-attention.ts", [
    [
      "the cache asks the mask for the first query",
      "(before + j) * (this.mask?.rows ?? 0),",
      "j * (this.mask?.rows ?? 0),",
    ],
    ["the mask is the caller's, who may change it", "options.mask?.clone()", "options.mask"],
    [
      "scaled by the width instead of the size of a head",
      "options.scale ?? 1 / Math.sqrt(size);",
      "options.scale ?? 1 / Math.sqrt(width);",
    ],
    [
      "the values' blame does not reach the input",
      "blame(this.value, this.valueBias, dV, X, dX, TURNED_ADD, pass);",
      "blame(this.value, this.valueBias, dV, X, NOTHING, TURNED_ADD, pass);",
    ],
    [
      "the keys' blame overwrites the queries'",
      "blame(this.key, this.keyBias, dK, X, dX, TURNED_ADD, pass);",
      "blame(this.key, this.keyBias, dK, X, dX, TURNED, pass);",
    ],
    [
      "dWo takes the input instead of the heads",
      "engine.product(dO, mixed, this.output.gradient, ADD_OUTER);",
      "engine.product(dO, X, this.output.gradient, ADD_OUTER);",
    ],
    ["the output's bias learns nothing", "engine.sumColumns(dO, this.outputBias.gradient, true);", ""],
    [
      "a bias is blamed once, and the sum of before is lost",
      "if (b !== undefined) pass.engine.sumColumns(dY, b.gradient, true);",
      "if (b !== undefined) pass.engine.sumColumns(dY, b.gradient);",
    ],
    ["the slopes of the queries are not turned back", "rotate(dQ, width / heads, input.starts, -1);", ""],
    [
      "the slopes of the keys turn on instead of back",
      "rotate(dK, width / heads, input.starts, -1);",
      "rotate(dK, width / heads, input.starts, 1);",
    ],
    [
      "the cache forgets where it stands",
      "state.values.data.set(V.data, before * width);",
      "state.values.data.set(V.data, 0);",
    ],
    [
      "new tokens turn from the beginning again",
      "Int32Array.of(0, n), before, pass)",
      "Int32Array.of(0, n), 0, pass)",
    ],
    ["several new tokens see each other, later ones too", "before + j + 1,", "before + n,"],
    ["a cache that grows loses what it held", "    larger.data.set(state[name].data);\n", ""],
  ]),
  ...inFile("layers/rotary.ts", [
    ["all pairs turn alike", "return BASE ** ((-2 * pair) / size);", "return BASE ** (0 * pair * size);"],
    [
      "half a rotation: the second number keeps its own",
      "data[k + 1] = sin * x + cos * y;",
      "data[k + 1] = cos * y;",
    ],
    [
      "places run on through all sequences",
      "const place = before + t - starts[s];",
      "const place = before + t;",
    ],
  ]),
  ...inFile("layers/positions.ts", [
    [
      "the angle of a cosine is that of the next pair",
      "const angle = t * base ** (-(i - (i % 2)) / width);",
      "const angle = t * base ** (-(i + (i % 2)) / width);",
    ],
    [
      "a place is blamed once instead of by every sequence",
      "dP[at + i] = dP[at + i] + dY.data[t * width + i];",
      "dP[at + i] = dY.data[t * width + i];",
    ],
    ["one place too many", "if (needed <= this.context) return;", "if (needed <= this.context + 1) return;"],
    ["the next token stands where the last one stood", "state.tokens += X.columns;", "state.tokens += 0;"],
  ]),
  ...inFile("layers/swiglu.ts", [
    [
      "σ instead of silu",
      "H.data[k] = Z.data[k] * sigmoid.apply(Z.data[k]) * U.data[k];",
      "H.data[k] = sigmoid.apply(Z.data[k]) * U.data[k];",
    ],
    ["the slope of σ instead of silu", "(s + z * s * (1 - s));", "(s * (1 - s));"],
    [
      "the gate's blame is not weighed by what it let through",
      "dZ.data[k] = dH.data[k] * U.data[k] * (",
      "dZ.data[k] = dH.data[k] * (",
    ],
    [
      "the blame of the second view overwrites the first",
      "engine.product(this.up.value, dU, dInput, TURNED_ADD);",
      "engine.product(this.up.value, dU, dInput, TURNED);",
    ],
    [
      "dWu takes the gate's slopes",
      "engine.product(dU, input, this.up.gradient, ADD_OUTER);",
      "engine.product(dZ, input, this.up.gradient, ADD_OUTER);",
    ],
  ]),
  ...inFile("layers/transformer-block.ts", [
    ["norms after are before", 'norm === "before"\n', 'norm !== "before"\n'],
    [
      "the second norm is the first one again",
      "around([norms[1], feedForward]",
      "around([norms[0], feedForward]",
    ],
  ]),
  ...inFile("layers/gpt.ts", [
    ["no norm in front of the head", 'const last = norm === "before" ?', 'const last = norm === "after" ?'],
    [
      "blocks share nothing but their name's number, which begins at 0",
      "name: `block${i + 1}`",
      "name: `block${i}`",
    ],
  ]),
  ...inFile("text/sampling.ts", [
    [
      "a temperature multiplies",
      "Math.exp((z[i] - largest) / temperature)",
      "Math.exp((z[i] - largest) * temperature)",
    ],
    [
      "top-p stops before p is reached",
      "if (sum >= topP) kept = k + 1;",
      "if (sum >= topP) kept = Math.max(1, k);",
    ],
    [
      "what is left does not sum to 1",
      "p[best[k]] = power(best[k]) / rest;",
      "p[best[k]] = power(best[k]) / mass;",
    ],
    [
      "the token before the one that was reached is drawn",
      "if (left < 0) return i;",
      "if (left < 0) return Math.max(0, i - 1);",
    ],
  ]),
  ...inFile("text/generate.ts", [
    ["the cache is used past the context", "const slides = text.length > context;", "const slides = false;"],
    ["the state is handed the whole text for each token", "    unread = 1;\n", ""],
    [
      "the end is not written",
      "    text.push(id);\n    yield",
      "    text.push(id);\n    if (id === end) return;\n    yield",
    ],
  ]),
  ...inFile("optimizers/adam-w.ts", [
    [
      "a choice of what decays is not asked",
      "if (!this.asks(parameter)) continue;",
      "if (parameter.decays === false) continue;",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/attention.ts", [
    [
      "what does not count takes part in the largest score",
      "for (let u = seen; u < vectors * 4; u++) store<f32>(column + u * 4, -f32.MAX_VALUE);",
      "",
    ],
    [
      "the second eight rows of a head read the first",
      "t = f32x4.add(t, f32x4.mul(v128.load(from, 16), factor));",
      "t = f32x4.add(t, f32x4.mul(v128.load(from), factor));",
    ],
    [
      "the way back turns the keys instead of the values",
      "turn(usize(told(list, 10)) + corner",
      "turn(usize(told(list, 9)) + corner",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/exp.ts", [
    [
      "a power below the least number comes out as nonsense",
      "const seen = v128.and(power, f32x4.ge(x, f32x4.splat(LEAST)));",
      "const seen = power;",
    ],
    [
      "the series ends two terms early",
      "let p = f32x4.splat(1.0 / 5040);\n  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));\n  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));",
      "let p = f32x4.splat(1.0 / 120);",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/cross-entropy.ts", [
    [
      "a sure answer loses its digits",
      "store<f32>(slopes + id, -others * scale);",
      "store<f32>(slopes + id, own * scale - share);",
    ],
    ["the rest of a vector is not summed", "+ rest;", ";"],
  ]),
  ...inFile("numbers/kernels/simd/assembly/gelu.ts", [
    [
      "far out the slope is 0 times infinity",
      "return v128.bitselect(g, bent, f32x4.eq(bend, f32x4.splat(0)));",
      "return bent;",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/layer-norm.ts", [
    ["the fourth column has the third one's variance", "m3, v3 / many);", "m3, v2 / many);"],
    ["a variance that overflows goes through", "return i32(odd == 0);", "return 1;"],
  ]),

  // activations
  ...inFile("activations/sigmoid.ts", [
    [
      "the slope of the input instead of the output",
      "to[i] = upstream[i] * slope(input[i], output[i]);",
      "to[i] = upstream[i] * (1 - output[i]);",
    ],
    [
      "overflows on the left",
      "const e = Math.exp(value);\n        to[i] = e / (1 + e);",
      "to[i] = 1 - 1 / (1 + Math.exp(value));",
    ],
  ]),
  ...inFile("activations/tanh.ts", [
    [
      "the slope is 1 − a",
      "if (lack > 1e-6 || Number.isNaN(lack)) return lack;",
      "if (lack > 1e-6 || Number.isNaN(lack)) return 1 - a;",
    ],
  ]),
  ...inFile("activations/relu.ts", [
    [
      "the way back takes the slope for the value",
      "engine.reluBackward(a, dA, dZ)",
      "engine.reluBackward(dA, a, dZ)",
    ],
  ]),
  ...inFile("numbers/kernels/plain-engine.ts", [
    [
      "β₁ and β₂ change places",
      "const mean = beta1 * m[i] + (1 - beta1) * slope;",
      "const mean = beta2 * m[i] + (1 - beta2) * slope;",
    ],
    [
      "ε inside the root",
      "(Math.sqrt(square / correction2) + epsilon)",
      "Math.sqrt(square / correction2 + epsilon)",
    ],
    ["the second mean takes |g|", "(1 - beta2) * (slope * slope)", "(1 - beta2) * Math.abs(slope)"],
    [
      "db begins with what the buffer held before",
      "if (!add) into.data.fill(0);",
      "if (add) into.data.fill(0);",
    ],
    ["a product forgets its bias", "bias: options.bias?.data }", "bias: undefined }"],
    [
      "the summed index of a turned product is the other one",
      "const inner = options?.turnLeft ? left.rows : left.columns;",
      "const inner = left.columns;",
    ],
    [
      "a gradient whose square overflows passes",
      "const square = data[i] * data[i];",
      "const square = data[i];",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/product.ts", [
    [
      "a panel forgets the panels before it",
      "start = k0 == 0 && (flags & ADD) == 0;",
      "start = (flags & ADD) == 0;",
    ],
    ["a product that adds begins at 0", "start = k0 == 0 && (flags & ADD) == 0;", "start = k0 == 0;"],
    [
      "the bias is added once a panel",
      "withBias = last && (flags & BIAS) != 0;",
      "withBias = (flags & BIAS) != 0;",
    ],
    [
      "the ReLU cuts a sum that is not complete",
      "withRelu = last && (flags & RELU) != 0;",
      "withRelu = (flags & RELU) != 0;",
    ],
    [
      "a row's one bias is not copied",
      "store<T>(copies + i * sizeof<T>(), load<T>(bias));",
      "store<T>(copies, load<T>(bias));",
    ],
    ["a row is packed in the wrong order", "i64x2.shuffle(t2, t3, 0, 2)", "i64x2.shuffle(t2, t3, 1, 3)"],
    ["the odd column of packed pairs is lost", "if (columns & 1) {", "if (columns & 2) {"],
    [
      "pairs beyond the first eight are packed over them",
      "let into = to + <usize>p * length",
      "let into = to",
    ],
    [
      "the second k of a round takes the first one's rows",
      "row = v128.load(a, 112);",
      "row = v128.load(a, 48);",
    ],
    [
      "the second column of an unpacked tile is the first",
      "const y = v128.load_splat<T>(b2);",
      "const y = v128.load_splat<T>(b);",
    ],
    ["an odd depth is rounded up", "if (!--depth) break;", "--depth;"],
    [
      "the last row that fills no vector is never computed",
      "for (; i < m; i++) {",
      "for (; i < m - 1; i++) {",
    ],
    [
      "ReLU that swallows NaN",
      "sum = v128.andnot(sum, v128.le<T>(sum, v128.splat<T>(0 as T)));",
      "sum = v128.and(sum, v128.gt<T>(sum, v128.splat<T>(0 as T)));",
    ],
    [
      "the second vector of a single column takes the first one's rows",
      "c1 = v128.add<T>(c1, v128.mul<T>(v128.load(a, 16), x));",
      "c1 = v128.add<T>(c1, v128.mul<T>(v128.load(a), x));",
    ],
  ]),
  ...inFile("numbers/kernels/simd/assembly/elements.ts", [
    [
      "the slope at exactly 0 is 1, in the rest of a vector",
      "load<T>(a) > (0 as T) ? load<T>(dA)",
      "load<T>(a) >= (0 as T) ? load<T>(dA)",
    ],
    ["β₁ is used for the squares", "v128.mul<T>(old2, v128.load(v))", "v128.mul<T>(old1, v128.load(v))"],
    [
      "the rate after the quotient: another rounding",
      "v128.div<T>(v128.mul<T>(eta, mean), size)",
      "v128.mul<T>(eta, v128.div<T>(mean, size))",
    ],
    [
      "the last number is not emptied",
      "memory.fill(x, 0, n * sizeof<T>())",
      "memory.fill(x, 0, n * sizeof<T>() - 1)",
    ],
  ]),
  ...inFile("numbers/kernels/simd/kernels.ts", [
    [
      "threads look at the first stretch of numbers alone",
      "team.add(this.names[kernel], count, a + shift, b + shift, c + shift,",
      "team.add(this.names[kernel], count, a, b + shift, c + shift,",
    ],
    ["parts of a product overlap the rows of the next", "const i = byRows ? from : 0;", "const i = 0;"],
    ["a part reads the bias of the first rows", "bias === 0 ? 0 : bias + i * bytes", "bias"],
    ["a product over nothing leaves what stood there", "(add ? out[at] : 0)", "out[at]"],
    [
      "copies of arrays that lie elsewhere are not written back",
      "if (writing[i] !== array) array.set(writing[i]);",
      "void i;",
    ],
    [
      "what lies elsewhere and is only read comes back rounded",
      "      for (const [i, array] of written.entries())",
      "      read.forEach((array, i) => array?.set(reading[i] as Floats));\n      for (const [i, array] of written.entries())",
    ],
    [
      "copies of arrays that lie elsewhere stay in the memory",
      "copy = this.copies.pop()) this.free(copy);",
      "copy = this.copies.pop()) void copy;",
    ],
  ]),
  ...inFile("numbers/kernels/simd/arena.ts", [
    ["a block is not joined with the one before", "    this.join(index - 1);\n", ""],
    ["a block that was given back is counted as in use", "    this.taken.delete(address);\n", ""],
  ]),
  ...inFile("numbers/kernels/simd/threads.ts", [
    [
      "a job ends before the parts of others are done",
      "Atomics.load(states, part) === taken; looks++",
      "false; looks++",
    ],
    [
      "two threads take the same part",
      "return Atomics.compareExchange(this.states, part, open, 4 * this.job + DONE) === open;",
      "Atomics.compareExchange(this.states, part, open, 4 * this.job + DONE);\n    return true;",
    ],
    [
      "what a part answered is not looked at",
      "if (this.answers[part] === 0) return false;",
      "if (this.answers[0] === 0) return false;",
    ],
    ["workers keep the program alive", "worker.unref();", ""],
  ]),
  ...inFile("training/residence.ts", [
    ["the optimizer's memory stays behind", "optimizer.memoryOf?.(parameter) ?? []", "[]"],
    ["gradients stay behind", "    engine.release(parameter.gradient);\n", ""],
  ]),
  ...inFile("activations/leaky-relu.ts", [
    [
      "the left side has no slope",
      "input[i] > 0 ? upstream[i] : alpha * upstream[i]",
      "input[i] > 0 ? upstream[i] : 0",
    ],
  ]),
  ...inFile("activations/elu.ts", [
    [
      "the slope on the left forgets alpha",
      "upstream[i] * (alpha * Math.exp(input[i]))",
      "upstream[i] * Math.exp(input[i])",
    ],
  ]),
  ...inFile("activations/gelu.ts", [
    [
      "the slope without the bell curve's part",
      "return below(z) + z * Math.exp(-0.5 * z * z) * ONE_OVER_ROOT_2PI;",
      "return below(z);",
    ],
  ]),
  ...inFile("activations/gelu-tanh.ts", [
    [
      "0.044715 is multiplied with z² in the slope only twice",
      "(1 + 3 * CUBIC * z * z)",
      "(1 + 2 * CUBIC * z * z)",
    ],
  ]),
  ...inFile("activations/softmax.ts", [
    [
      "the largest score is not subtracted",
      "const e = Math.exp(z[j * rows + i] - largest);",
      "const e = Math.exp(z[j * rows + i]);",
    ],
    [
      "sums along rows instead of columns",
      "average += p.data[j * rows + i] * (dP.data[j * rows + i] - level);",
      "average += p.data[j * rows + i] * (dP.data[j] - level);",
    ],
    [
      "the way back as if entries were independent: p(1 − p)",
      "dZ.data[at] = p.data[at] * (dP.data[at] - level - average);",
      "dZ.data[at] = p.data[at] * (1 - p.data[at]) * dP.data[at];",
    ],
  ]),
  ...inFile("activations/log-softmax.ts", [
    [
      "the way back forgets the sum of slopes",
      "slope - Math.exp(logP.data[at]) * sum",
      "slope - Math.exp(logP.data[at])",
    ],
  ]),

  // losses
  ...inFile("losses/mean-squared-error.ts", [
    [
      "a missing 1/m in the slope",
      "gradient.data[i] = (weight * 2 * error) / n;",
      "gradient.data[i] = weight * 2 * error;",
    ],
    ["the 2 is forgotten", "(weight * 2 * error) / n", "(weight * error) / n"],
    [
      "a wrong sign",
      "const error = prediction.data[i] - target.data[i];",
      "const error = target.data[i] - prediction.data[i];",
    ],
  ]),
  ...inFile("losses/mean-absolute-error.ts", [
    [
      "the slope forgets the sample weights",
      "gradient.data[i] = (weight * Math.sign(error)) / n;",
      "gradient.data[i] = Math.sign(error) / n;",
    ],
  ]),
  ...inFile("losses/huber.ts", [
    ["the walls are not attached to the bowl", "delta * (size - 0.5 * delta)", "delta * size"],
    [
      "the walls' slope forgets delta",
      "(weight * delta * Math.sign(error)) / n",
      "(weight * Math.sign(error)) / n",
    ],
  ]),
  ...inFile("losses/hinge.ts", [
    [
      "the slope has the wrong sign",
      "lack > 0 ? (-weight * label) / n : 0",
      "lack > 0 ? (weight * label) / n : 0",
    ],
  ]),
  ...inFile("losses/binary-cross-entropy.ts", [
    [
      "y and 1 − y change places",
      "total -= weight * (y * Math.log(p) + (1 - y) * (q === CLIP ? Math.log(CLIP) : Math.log1p(-p)));",
      "total -= weight * ((1 - y) * Math.log(p) + y * (q === CLIP ? Math.log(CLIP) : Math.log1p(-p)));",
    ],
    ["from logits, large z overflow", "const e = Math.exp(-Math.abs(z));", "const e = Math.exp(-z);"],
    [
      "from logits, y − p instead of p − y",
      "gradient.data[i] = (weight * slope) / n;",
      "gradient.data[i] = (weight * (y - p)) / n;",
    ],
  ]),
  ...inFile("layers/embedding.ts", [
    [
      "a token that occurs twice keeps its last slope alone",
      "dE[at + i] + dY[j * width + i];",
      "dY[j * width + i];",
    ],
  ]),
  ...inFile("layers/door.ts", [
    ["an id may be one too large", "id >= limit", "id > limit"],
    [
      "what is learned is not looked at",
      "requireFiniteValues(owner, layer.parameters);\n  requireFiniteValues(owner, layer.statistics ?? []);\n}\n\n/** The same for a layer that takes ids",
      "requireFiniteValues(owner, layer.statistics ?? []);\n}\n\n/** The same for a layer that takes ids",
    ],
  ]),
  ...inFile("layers/rms-norm.ts", [
    ["the mean square forgets to divide", "square /= n;", "square /= 1;"],
    ["γ does not come back", "(g[i] * dY[k] - normal.data[k] * along)", "(dY[k] - normal.data[k] * along)"],
    ["its length does not move", "normal.data[k] * along) *", "normal.data[k] * 0) *"],
    [
      "dγ overwrites",
      "dGamma[i] = dGamma[i] + dY[k] * normal.data[k];",
      "dGamma[i] = dY[k] * normal.data[k];",
    ],
  ]),
  ...inFile("layers/tied-head.ts", [
    [
      "the embedding's own gradient is overwritten",
      "ADD_OUTER: ProductOptions = { add: true, turnRight: true }",
      "ADD_OUTER: ProductOptions = { turnRight: true }",
    ],
  ]),
  ...inFile("training/batches.ts", [
    ["a sequence begins at its neighbour's place", "const s = this.order[k];", "const s = k;"],
    [
      "the tokens of a sequence are not in order",
      "first + t - starts[k - from]",
      "first + starts[k - from + 1] - 1 - t",
    ],
  ]),
  ...inFile("core/answers.ts", [
    ["sequences lose their boundaries in every layer", "layer.takesSequences !== true;", "true;"],
  ]),
  ...inFile("losses/categorical-cross-entropy.ts", [
    [
      "the mean divides by all entries instead of the examples",
      "gradient.data[k] = (-weight * y) / p / n;",
      "gradient.data[k] = (-weight * y) / p / prediction.size;",
    ],
    [
      "from logits, the slope forgets the weights",
      "gradient.data[k] = (weight * slope) / n;",
      "gradient.data[k] = slope / n;",
    ],
  ]),
  ...inFile("losses/door.ts", [
    ["negative sample weights pass", "(weight) => weight < 0", "(weight) => weight < -1e9"],
    [
      "what is masked dilutes the mean",
      "prediction.columns : sumOf(owner, weights)",
      "prediction.columns : weights.length",
    ],
    ["a class number may be one too large", "(id) => id >= rows", "(id) => id > rows"],
  ]),

  // what pulls at weights
  ...inFile("optimizers/regularizers.ts", [
    [
      "the 2 of L2's slope is forgotten",
      "g[i] = g[i] + absolute * Math.sign(weight) + 2 * square * weight;",
      "g[i] = g[i] + absolute * Math.sign(weight) + square * weight;",
    ],
    [
      "biases pay as well",
      "parameter.decays !== false && parameters.indexOf(parameter) === i",
      "parameters.indexOf(parameter) === i",
    ],
  ]),
  ...inFile("optimizers/gradient-descent.ts", [
    ["uphill", "w[i] = w[i] - learningRate * g[i];", "w[i] = w[i] + learningRate * g[i];"],
  ]),
  ...inFile("optimizers/momentum.ts", [
    [
      "the velocity is a mean: (1 − β)·g",
      "const velocity = momentum * v[i] + g[i];",
      "const velocity = momentum * v[i] + (1 - momentum) * g[i];",
    ],
    ["the velocity is not kept", "v[i] = velocity;", "v[i] = g[i];"],
  ]),
  ...inFile("optimizers/nesterov.ts", [
    [
      "looks ahead with the old velocity",
      "w[i] = w[i] - learningRate * (g[i] + momentum * velocity);",
      "w[i] = w[i] - learningRate * (g[i] + momentum * (velocity - g[i]));",
    ],
  ]),
  ...inFile("optimizers/rms-prop.ts", [
    [
      "ε inside the root by default",
      "this.epsilonInsideRoot = options.epsilonInsideRoot ?? false;",
      "this.epsilonInsideRoot = options.epsilonInsideRoot ?? true;",
    ],
    ["the mean of the gradient, not of its square", "(1 - decay) * (g[i] * g[i])", "(1 - decay) * g[i]"],
  ]),
  ...inFile("optimizers/ada-grad.ts", [
    ["it forgets", "const sum = s[i] + g[i] * g[i];", "const sum = 0.9 * s[i] + g[i] * g[i];"],
  ]),
  ...inFile("optimizers/adam.ts", [
    [
      "no bias correction",
      "const correction1 = this.biasCorrection ? 1 - beta1 ** kept.steps : 1;",
      "const correction1 = 1;",
    ],
    [
      "the step is counted after it was used",
      "const correction2 = this.biasCorrection ? 1 - beta2 ** kept.steps : 1;",
      "const correction2 = this.biasCorrection ? 1 - beta2 ** (kept.steps + 1) : 1;",
    ],
  ]),
  ...inFile("optimizers/adam-w.ts", [
    [
      "decays by λ alone, not by η·λ",
      "const share = this.learningRate * this.weightDecay;",
      "const share = this.weightDecay;",
    ],
    ["biases decay, too", "boolean => decays !== false;", "boolean => decays === decays;"],
    ["the schedule does not reach Adam", "this.adam.learningRate = this.learningRate;", ""],
  ]),
  ...inFile("optimizers/parameters.ts", [
    [
      "a parameter listed twice is stepped twice",
      "if (parameters.indexOf(parameters[i]) < i) return [...new Set(parameters)];",
      "if (parameters.indexOf(parameters[i]) < i) return parameters;",
    ],
    [
      "a step begins before all gradients are checked",
      "if (!engine.allSquaresFinite(gradient)) throw exploded(owner, `the gradient of ${name}`, gradient);",
      "",
    ],
  ]),
  ...inFile("optimizers/clipping.ts", [
    [
      "clips each tensor by itself: the norm of the first one only",
      "const matrices = parameters.map(({ gradient }) => gradient.data);",
      "const matrices = parameters.slice(0, 1).map(({ gradient }) => gradient.data);",
    ],
    [
      "scales short gradients up to the limit",
      "if (norm <= limit) return norm;",
      "if (norm === 0) return norm;",
    ],
    ["cuts only above", "Math.min(Math.max(g[i], -limit), limit)", "Math.min(g[i], limit)"],
  ]),
  ...inFile("optimizers/schedules.ts", [
    [
      "the staircase begins one step early",
      "factor ** Math.floor(step / every)",
      "factor ** Math.floor((step + 1) / every)",
    ],
    [
      "a whole cosine wave instead of half of one",
      "Math.cos(Math.PI * progress)",
      "Math.cos(2 * Math.PI * progress)",
    ],
    ["warm-up begins at a rate of 0", "Math.min((step + 1) / steps, 1)", "Math.min(step / steps, 1)"],
    [
      "one cycle goes down from its beginning",
      "step < top ? cosine(start, peak, step / top)",
      "step < top ? cosine(peak, start, step / top)",
    ],
  ]),

  // first weights and chance
  ...inFile("initializers/initializers.ts", [
    [
      "He with 1/inputs",
      '"heNormal", "normal", (inputs) => 2 / inputs',
      '"heNormal", "normal", (inputs) => 1 / inputs',
    ],
    [
      "Xavier looks at one side only",
      '"xavierNormal", "normal", (inputs, outputs) => 2 / (inputs + outputs)',
      '"xavierNormal", "normal", (inputs, outputs) => 2 / (inputs + inputs)',
    ],
  ]),
  ...inFile("numbers/random.ts", [
    [
      "32 instead of 53 random bits",
      "return (high * 67108864 + low) / 9007199254740992;",
      "return high / 134217728;",
    ],
    ["the second normal number is thrown away", "this.spare = factor * x;", "this.spare = undefined;"],
    ["the two normal numbers come in the wrong order", "return factor * y;", "return factor * x;"],
    [
      "the shuffle is biased: any partner for every place",
      "const j = this.upTo(i);",
      "const j = this.upTo(items.length - 1);",
    ],
    ["a wrong tempering shift", "y ^= y >>> 11;", "y ^= y >>> 12;"],
  ]),
  ...inFile("datasets/spirals.ts", [
    [
      "the half-turn again before the radius",
      "const radius = (turnBeforeRadius ? theta : even + swerve) / (4 * Math.PI);",
      "const radius = theta / (4 * Math.PI);",
    ],
  ]),
  ...inFile("datasets/preparation.ts", [
    [
      "the variance is a mean over features, not over examples",
      "feature.reduce((sum, x) => sum + (x - mean) ** 2, 0) / m;",
      "feature.reduce((sum, x) => sum + (x - mean) ** 2, 0) / inputs.rows;",
    ],
    [
      "the mean of large, nearly equal numbers keeps its rounding",
      "const mean = guess + feature.reduce((sum, x) => sum + (x - guess), 0) / m;",
      "const mean = guess;",
    ],
    [
      "validation examples are also trained on",
      "training: pickExamples(data, order.subarray(aside)),",
      "training: pickExamples(data, order),",
    ],
  ]),

  // the loop
  ...inFile("training/batches.ts", [
    [
      "the last, smaller batch is skipped",
      "const to = Math.min(from + this.size, this.examples);",
      "const to = Math.min(from + this.size, this.examples - (this.examples % this.size));",
    ],
    [
      "targets keep their order while inputs are shuffled",
      "const Y = columnsOf(this.pick(targets, from, to, pass));",
      "const Y = columnsOf(this.size === this.examples ? targets : this.pick(targets, from, to, pass));",
    ],
  ]),
  ...inFile("training/step.ts", [
    [
      "gradients are not emptied before a step",
      "try {\n      zeroGradients(parameters, pass.engine);",
      "try {",
    ],
    ["a failed step leaves the running averages moved", "if (this.undecided) this.before.restore();", ""],
    ["the regularizer is asked after the step", "regularizer?.addGradient(parameters);", ""],
  ]),
  ...inFile("training/epoch.ts", [
    [
      "the loss of an epoch forgets that the last batch is smaller",
      "this.loss += step.loss * weight;",
      "this.loss += step.loss * this.expected;",
    ],
  ]),
  ...inFile("training/run.ts", [
    [
      "the optimizer keeps the schedule's last rate",
      'this.giveRateBack();\n    if (this.state === "running")',
      'if (this.state === "running")',
    ],
    [
      "the schedule counts epochs from 1",
      'scheduleEvery === "step" ? this.steps : this.epochs',
      'scheduleEvery === "step" ? this.steps : this.epochs + 1',
    ],
  ]),
  ...inFile("training/early-stopping.ts", [
    [
      "an equal loss counts as better",
      "if (watched < this.best - (this.options.minimumImprovement ?? 0)) {",
      "if (watched <= this.best - (this.options.minimumImprovement ?? 0)) {",
    ],
    ["keeps the last weights, not the best", "      this.spare.save();\n", ""],
    ["the patience is never refilled", "report.epoch;\n      this.waited = 0;", "report.epoch;"],
  ]),
  ...inFile("training/snapshot.ts", [
    ["running averages are not part of it", "...(network.statistics ?? [])];", "];"],
  ]),
  ...inFile("core/predict.ts", [
    ["an engine that is asked for is not used", "new Pass(options)", "new Pass()"],
    ["an engine's memory is not given back", "() => pass.free()", "() => {}"],
  ]),
  ...inFile("core/pass.ts", [
    [
      "a buffer begins before the one in front of it has ended",
      "this.length += Math.ceil",
      "this.length += 0.5 * Math.ceil",
    ],
    [
      "a way back forgets its generation",
      "if (buffers.generation === generation) return",
      "if (generation >= 0) return",
    ],
    ["a restart opens no new generation", "this.generation += 1;", ""],
    [
      "a view of another length is handed out again",
      "if (view.rows === rows && view.columns === columns && view.data.byteOffset === offset) return view;",
      "if (view.rows === rows && view.data.byteOffset === offset) return view;",
    ],
    ["every shape that ever was keeps its view", "if (known.length === SHAPES) known.shift();", ""],
    [
      "the block never grows",
      "const grow = wanted > (this.block?.size ?? 0);",
      "const grow = this.block === undefined;",
    ],
  ]),
  ...inFile("core/core.ts", [
    [
      "gradients are emptied only where the first number is large",
      "engine.zero(gradient);",
      "if (Math.abs(gradient.data[0]) > 1) engine.zero(gradient);",
    ],
  ]),
  ...inFile("inspect/metrics.ts", [
    [
      "rows and columns of the confusion matrix change places",
      "counts.set(right[j], label, counts.at(right[j], label) + 1);",
      "counts.set(label, right[j], counts.at(label, right[j]) + 1);",
    ],
    [
      "the area is summed in rectangles, not trapezia",
      "area += (width * (points[i].truePositiveRate + points[i - 1].truePositiveRate)) / 2;",
      "area += width * points[i].truePositiveRate;",
    ],
    [
      "R² forgets the 1 −",
      "if (variance > 0) sum += 1 - unexplained / variance;",
      "if (variance > 0) sum += unexplained / variance;",
    ],
    [
      "recall divides by what was called positive",
      "({ hits, actual }) => ratio(hits, actual)",
      "({ hits, called }) => ratio(hits, called)",
    ],
  ]),
  ...inFile("inspect/gradient-check.ts", [
    [
      "a one-sided difference",
      "result.data[i] = (above - below) / (2 * h);",
      "result.data[i] = (above - below) / h;",
    ],
    [
      "NaN counts as no difference",
      "Number.isNaN(difference) ? Infinity : difference",
      "Number.isNaN(difference) ? 0 : difference",
    ],
  ]),
  ...inFile("training/learning-rate-finder.ts", [
    ["the weights of the trial run stay", "      before.restore();\n", ""],
    [
      "the running mean of the losses is not corrected",
      "const smoothed = mean / (1 - SMOOTHING ** (trials.length + 1));",
      "const smoothed = mean;",
    ],
  ]),
  ...inFile("layers/recurrent.ts", [
    [
      "recurrent: a state is blamed by its own output alone",
      "const dz = (dY[at + i] + later) * (1 - H.data[at + i] ** 2);",
      "const dz = dY[at + i] * (1 - H.data[at + i] ** 2);",
    ],
    ["recurrent: the slope of tanh is 1 − h", "(1 - H.data[at + i] ** 2)", "(1 - H.data[at + i])"],
    [
      "recurrent: only the last step's blame reaches W_h",
      "engine.product(step, before[t], this.stateWeights.gradient, ADD_OUTER);",
      "if (t === before.length - 1) engine.product(step, before[t], this.stateWeights.gradient, ADD_OUTER);",
    ],
    [
      "recurrent: blame goes back through W_h as it is, not turned",
      "engine.product(this.stateWeights.value, step, dState, TURNED);",
      "engine.product(this.stateWeights.value, step, dState);",
    ],
    [
      "recurrent: the gradient of W_x begins anew",
      "engine.product(dZ, X, this.inputWeights.gradient, ADD_OUTER);",
      "engine.product(dZ, X, this.inputWeights.gradient, { turnRight: true });",
    ],
    [
      "recurrent: the gradient of b begins anew",
      "engine.sumColumns(dZ, this.bias.gradient, true);",
      "engine.sumColumns(dZ, this.bias.gradient);",
    ],
    [
      "recurrent: no state is handed on",
      "if (carried !== undefined) keepLast(H, starts, carried.value);",
      "",
    ],
    [
      "recurrent: next forgets the state after each token",
      "hidden.data[i] = Math.tanh(H.data[t * u + i] + fromState.data[i]);\n        H.data[t * u + i] = hidden.data[i];",
      "H.data[t * u + i] = Math.tanh(H.data[t * u + i] + fromState.data[i]);",
    ],
  ]),
  ...inFile("layers/lstm.ts", [
    [
      "lstm: the cell's way back has the input gate",
      "dcLater[k * u + j] = dc * f;",
      "dcLater[k * u + j] = dc * i;",
    ],
    [
      "lstm: the cell is blamed by its own step alone",
      "const dc = dcLater[k * u + j] + dh * o * (1 - tanhC * tanhC);",
      "const dc = dh * o * (1 - tanhC * tanhC);",
    ],
    [
      "lstm: the state's blame skips the output gate on its way to the cell",
      "dh * o * (1 - tanhC * tanhC)",
      "dh * (1 - tanhC * tanhC)",
    ],
    [
      "lstm: the slope of the input gate meets the cell, not the candidate",
      "dzNow[into] = dc * g * i * (1 - i);",
      "dzNow[into] = dc * cell * i * (1 - i);",
    ],
    [
      "lstm: the forget gate is blamed for the new cell",
      "dzNow[into + u] = dc * cell * f * (1 - f);",
      "dzNow[into + u] = dc * cells[at + j] * f * (1 - f);",
    ],
    [
      "lstm: the candidate has a sigmoid's slope",
      "dzNow[into + 2 * u] = dc * i * (1 - g * g);",
      "dzNow[into + 2 * u] = dc * i * g * (1 - g);",
    ],
    [
      "lstm: the output gate meets the bare cell",
      "dzNow[into + 3 * u] = dh * tanhC * o * (1 - o);",
      "dzNow[into + 3 * u] = dh * cells[at + j] * o * (1 - o);",
    ],
    [
      "lstm: blame goes back through U as it is",
      "engine.product(this.stateWeights.value, step, dState, TURNED);",
      "dState.data.fill(0);",
    ],
    [
      "lstm: the gradient of U is that of one step",
      "engine.product(step, before[t], this.stateWeights.gradient, ADD_OUTER);",
      "engine.product(step, before[t], this.stateWeights.gradient, { turnRight: true });",
    ],
    ["lstm: what is left of another pass stands in the cell's blame", "      dCell.data.fill(0);\n", ""],
    [
      "lstm: the forget gate opens the input instead",
      "row >= units && row < 2 * units ? forgetBias : 0",
      "row < units ? forgetBias : 0",
    ],
    [
      "lstm: the forget bias is on every gate",
      "row >= units && row < 2 * units ? forgetBias : 0",
      "forgetBias",
    ],
    ["lstm: the state is handed on, the cell is not", "keepLast(C, starts, carriedCell.value);", ""],
  ]),
  ...inFile("layers/gru.ts", [
    [
      "gru: the update gate keeps the new and lets the old go",
      "const h = z * state.data[k * u + j] + (1 - z) * n;",
      "const h = (1 - z) * state.data[k * u + j] + z * n;",
    ],
    [
      "gru: the slope of the update gate forgets the candidate",
      "dh * (h.data[k * u + j] - n) * z * (1 - z)",
      "dh * h.data[k * u + j] * z * (1 - z)",
    ],
    ["gru: the candidate is blamed in full", "dh * (1 - z) * (1 - n * n)", "dh * (1 - n * n)"],
    ["gru: what was kept is not blamed", "dBefore.data[k * u + j] = dh * z;", "dBefore.data[k * u + j] = 0;"],
    [
      "gru: the reset gate is blamed without the state it shut",
      "slope * h.data[k * u + j] * r * (1 - r)",
      "slope * r * (1 - r)",
    ],
    [
      "gru: the candidate's look at the past is not blamed",
      "dBefore.data[k * u + j] = dBefore.data[k * u + j] + slope * r;",
      "",
    ],
    [
      "gru: the candidate's look at the past passes the gate unhindered",
      "dBefore.data[k * u + j] + slope * r;",
      "dBefore.data[k * u + j] + slope;",
    ],
    [
      "gru: the gates' look at the past is not blamed",
      "engine.product(this.gateWeights.value, dGates, dBefore, ADD_TURNED);",
      "",
    ],
    [
      "gru: the candidate's U meets the whole state",
      "engine.product(dCandidate, seen[t], this.candidateWeights.gradient, ADD_OUTER);",
      "engine.product(dCandidate, h, this.candidateWeights.gradient, ADD_OUTER);",
    ],
  ]),
  ...inFile("layers/through-time.ts", [
    [
      "the shortest sequences come first",
      "places.data[starts[s + 1] - starts[s] - 1] += 1;",
      "places.data[longest - starts[s + 1] + starts[s]] += 1;",
    ],
    [
      "a sequence ends a step late",
      "starts[order.data[going - 1]] <= length) going--;",
      "starts[order.data[going - 1]] < length) going--;",
    ],
    [
      "states are handed to the longest first, not to their own sequence",
      "const at = order.data[k] * units;",
      "const at = k * units;",
    ],
    [
      "the first state of a sequence is what the buffer held",
      "if (carried === undefined) state.data.fill(0);",
      "if (carried === undefined) state.data.fill(0.5);",
    ],
    [
      "the state before the last is handed on",
      "const at = (starts[s + 1] - 1) * states.rows;",
      "const at = starts[s] * states.rows;",
    ],
    [
      "inference goes on from the state of training",
      "if (layer.carry === 0 || !pass.training) return [];",
      "if (layer.carry === 0) return [];",
    ],
    ["gates are drawn from one small layer", "(j * many + part) * units", "(j * many + 0 * part) * units"],
  ]),
  ...inFile("text/characters.ts", [
    ["an unknown character is the first one", "if (id === undefined) {", "if (false) {"],
    ["characters are numbered in the order of the text", ".sort((a, b) => a - b)", ""],
  ]),
  ...inFile("text/counts.ts", [
    [
      "bigrams: rows and columns change places",
      "counts.data[ids[t - 1] * vocabulary + ids[t]] += 1;",
      "counts.data[ids[t] * vocabulary + ids[t - 1]] += 1;",
    ],
    [
      "bigrams reach across the end of a sequence",
      "for (let t = starts[s] + 1; t < starts[s + 1]; t++)",
      "for (let t = Math.max(1, starts[s]); t < starts[s + 1]; t++)",
    ],
    ["what is added to a count is not in the sum", "sum += count + added;", "sum += count;"],
    ["a loss in bits", "sum -= Math.log(table", "sum -= Math.log2(table"],
    [
      "the first token counts as one with something before it",
      "count += 1;\n    }\n  }\n  if",
      "count += 1;\n    }\n    count += looksBack ? 1 : 0;\n  }\n  if",
    ],
  ]),
  ...inFile("text/byte-pairs.ts", [
    ["pairs overlap: aaa has two", "if (left === right && overlapping === t) continue;", ""],
    [
      "of equally frequent pairs the last is taken",
      "counts[pair] > counts[best]",
      "counts[pair] >= counts[best]",
    ],
    [
      "merges are applied from the last to the first",
      "of this.merges) length",
      "of [...this.merges].reverse()) length",
    ],
  ]),
  ...inFile("text/windows.ts", [
    ["the target is the token itself", "ids.data[from + t + 1]", "ids.data[from + t]"],
    [
      "the last place is never drawn",
      "random.randint(0, ids.length - length)",
      "random.randint(0, ids.length - length - 1)",
    ],
    ["every part is the first part", "s * part + this.read", "this.read"],
    ["windows overlap by one", "this.read += length;", "this.read += length - 1;"],
  ]),
];
