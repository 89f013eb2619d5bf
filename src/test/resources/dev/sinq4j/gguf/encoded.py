"""Makes encoded.safetensors: small matrices and the blocks that the PyPI package gguf (0.19.0) rounds them to.

    pip install gguf==0.19.0 safetensors numpy && python encoded.py
"""
import numpy as np
from gguf import GGMLQuantizationType as Type, quants
from safetensors.numpy import save_file

random = np.random.default_rng(11)
rows = 4, 96
ties = np.round(random.standard_normal(rows) * 8) / 2
wide = random.standard_normal(rows) * 10.0 ** random.integers(-6, 3, (rows[0], rows[1] // 32)).repeat(32, axis=1)
edges = random.standard_normal(rows)
edges[0, :32] = 0                  # a block of zeros
edges[1, 32:64] = 0.25             # a constant block
edges[2, :32] = 1e-6               # a scale that is zero or subnormal in fp16
edges[3, 5] = -edges[3].max() * 9  # an outlier
edges[3, 40] = 3.0
edges[3, 50] = -3.0                # two numbers of the same size: the first decides the sign
matrices = {"ties": ties, "wide": wide, "edges": edges}

tensors = {}
for name, matrix in matrices.items():
    matrix = matrix.astype(np.float32)
    tensors[f"{name}/input"] = matrix
    for kind in Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0, Type.BF16, Type.F16:
        tensors[f"{name}/{kind.name}/raw"] = quants.quantize(matrix, kind).view(np.uint8)
save_file(tensors, "encoded.safetensors")
