"""KL(P||Q) of the coins of this page, in nats, by five calls that should agree."""

import numpy as np
from scipy.special import kl_div, rel_entr
from scipy.stats import entropy

PAIRS = {
    "fair against 60/40": (np.array([0.5, 0.5]), np.array([0.4, 0.6])),
    "fair against 90/10": (np.array([0.5, 0.5]), np.array([0.9, 0.1])),
}

for name, (p, q) in PAIRS.items():
    print(name)
    print(f"  scipy.stats.entropy(p, q)          {entropy(p, q):.6f}")
    print(f"  scipy.special.rel_entr(p, q).sum() {rel_entr(p, q).sum():.6f}")
    print(f"  scipy.special.kl_div(p, q).sum()   {kl_div(p, q).sum():.6f}")
    print(f"  np.sum(p * np.log(p / q))          {np.sum(p * np.log(p / q)):.6f}")
    try:
        import torch
        from torch.nn.functional import kl_div as torch_kl_div
    except ImportError:
        continue
    p, q = torch.tensor(p), torch.tensor(q)
    print(f"  F.kl_div(q.log(), p, reduction=\"sum\")  {torch_kl_div(q.log(), p, reduction='sum'):.6f}")
    print(f"  F.kl_div(q.log(), p)  (the mean: wrong)  {torch_kl_div(q.log(), p):.6f}")
