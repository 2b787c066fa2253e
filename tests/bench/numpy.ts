/** The training run in NumPy. Its examples are rows: a matrix of ours, column after column, is theirs as it lies. */
export const NUMPY = `
import json, sys, time
import numpy as np
told = json.loads(sys.argv[1])
kind = np.float32 if told["single"] else np.float64
numbers = np.fromfile(told["file"], dtype=np.float64).astype(kind)
at = 0
def take(rows, columns):
    global at
    part = numbers[at : at + rows * columns].reshape(rows, columns).copy()
    at += rows * columns
    return part
sizes, m, size = told["sizes"], told["examples"], told["batchSize"]
X, Y = take(m, sizes[0]), take(m, sizes[-1])
P = []
for i in range(len(sizes) - 1):
    P += [take(sizes[i], sizes[i + 1]), take(1, sizes[i + 1])]
M = [np.zeros_like(p) for p in P]
V = [np.zeros_like(p) for p in P]
beta1, beta2, epsilon, rate = 0.9, 0.999, 1e-8, told["rate"]
def step(t, x, y):
    kept = [x]
    for i in range(0, len(P), 2):
        z = kept[-1] @ P[i] + P[i + 1]
        kept.append(np.maximum(z, 0) if i < len(P) - 2 else z)
    z = kept[-1]
    n = len(x)
    if told["classes"]:
        z = z - z.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        loss = -(y * (z - np.log(total))).sum() / n
        d = (e / total - y) / n
    else:
        e = np.exp(-np.abs(z))
        loss = (np.maximum(z, 0) - z * y + np.log1p(e)).mean()
        d = (np.where(z >= 0, 1 / (1 + e), e / (1 + e)) - y) / n
    G = [None] * len(P)
    for i in range(len(P) - 2, -1, -2):
        a = kept[i // 2]
        G[i], G[i + 1] = a.T @ d, d.sum(axis=0, keepdims=True)
        if i > 0:
            d = (d @ P[i].T) * (a > 0)
    c1, c2 = 1 - beta1 ** t, 1 - beta2 ** t
    for p, g, mean, square in zip(P, G, M, V):
        mean *= beta1
        mean += (1 - beta1) * g
        square *= beta2
        square += (1 - beta2) * g * g
        p -= rate * (mean / c1 / (np.sqrt(square / c2) + epsilon))
    return loss
batches = [(X[i : i + size], Y[i : i + size]) for i in range(0, m, size)]
started = time.perf_counter()
for t in range(told["steps"]):
    loss = step(t + 1, *batches[t % len(batches)])
print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "loss": float(loss)}))
`;
