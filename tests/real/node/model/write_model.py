"""Writes a Mistral that vLLM serves: a tokenizer trained on this project's documents, a chat template, and weights of random numbers.

usage: write_model.py FOLDER HIDDEN_SIZE DOCUMENT...
"""

import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import MistralConfig, MistralForCausalLM, PreTrainedTokenizerFast

folder, hidden_size, *documents = sys.argv[1:]
hidden_size = int(hidden_size)

tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=2000,
    special_tokens=["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
)
tokenizer.train(documents, trainer)
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")
fast.chat_template = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}[INST] {{ message['content'] }} [/INST]"
    "{% else %}{{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)
fast.save_pretrained(folder)

torch.manual_seed(1)
config = MistralConfig(
    vocab_size=len(fast),
    hidden_size=hidden_size,
    intermediate_size=2 * hidden_size,
    num_hidden_layers=4,
    num_attention_heads=8,
    num_key_value_heads=4,
    head_dim=hidden_size // 8,
    max_position_embeddings=8192,
    sliding_window=None,
    bos_token_id=1,
    eos_token_id=2,
)
# Several shards with an index, as every large model has.
MistralForCausalLM(config).to(torch.bfloat16).save_pretrained(folder, max_shard_size=f"{max(2, hidden_size**2 // 2**15)}MB")
