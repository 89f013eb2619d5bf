"""Makes this folder: a small random Gemma 3 text model and what transformers 4.57 computes with it in fp32."""
import pathlib

import torch
from safetensors.torch import save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

here = pathlib.Path(__file__).parent
torch.manual_seed(7)
config = Gemma3TextConfig(
    vocab_size=96, hidden_size=48, intermediate_size=80, num_hidden_layers=4, num_attention_heads=4,
    num_key_value_heads=2, head_dim=16, query_pre_attn_scalar=24, sliding_window=8, sliding_window_pattern=2,
    layer_types=["sliding_attention", "full_attention"] * 2, rope_theta=1_000_000.0, rope_local_base_freq=10_000.0,
    rope_scaling={"rope_type": "linear", "factor": 8.0}, max_position_embeddings=256, attn_implementation="eager",
    initializer_range=0.2)
model = Gemma3ForCausalLM(config).to(torch.bfloat16).eval()
for name, parameter in model.named_parameters():
    if "norm" in name:
        parameter.data.normal_(0, 0.3)
model.save_pretrained(here / "model")
model = Gemma3ForCausalLM.from_pretrained(here / "model", dtype=torch.float32, attn_implementation="eager").eval()
golden = {}
for length in (5, 30):
    ids = torch.randint(3, 96, (1, length))
    with torch.no_grad():
        out = model(ids, output_hidden_states=True)
    golden[f"len{length}.ids"] = ids[0].to(torch.int32)
    golden[f"len{length}.logits"] = out.logits[0].contiguous()
    golden[f"len{length}.hidden.embed"] = out.hidden_states[0][0].contiguous()
    for layer in range(3):
        golden[f"len{length}.hidden.layer{layer}"] = out.hidden_states[layer + 1][0].contiguous()
# greedy decoding with a cache
prompt = torch.randint(3, 96, (1, 6))
with torch.no_grad():
    made = model.generate(prompt, max_new_tokens=20, do_sample=False, eos_token_id=None, output_logits=True,
                          return_dict_in_generate=True)
best = torch.stack([step[0] for step in made.logits]).topk(2).values
golden["greedy.prompt"] = prompt[0].to(torch.int32)
golden["greedy.ids"] = made.sequences[0, 6:].to(torch.int32).contiguous()
golden["greedy.margin"] = (best[:, 0] - best[:, 1]).contiguous()
save_file(golden, here / "golden.safetensors")
