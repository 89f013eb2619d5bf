package dev.sinq4j.checkpoint;

/** How a checkpoint is written. */
public enum ExportFormat {
    /** The SINQ reference's own. */
    SINQ,
    /** Plain safetensors, quantized layers dequantized. */
    DENSE,
    /** One GGUF file, for llama.cpp. */
    GGUF
}
