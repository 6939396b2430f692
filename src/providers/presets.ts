/** Hosts that speak OpenAI's protocol, to choose from instead of looking up their addresses. */
export interface Preset {
  id: string;
  name: string;
  baseUrl: string;
  key: 'yes' | 'no';
  /** What to know before. */
  hint?: string;
}

const OWN_MACHINE = 'The operator has to allow private addresses. From inside a container the machine itself is host.docker.internal.';

export const presets: readonly Preset[] = [
  {
    id: 'gemini',
    name: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    key: 'yes',
    hint: 'With a free plan Google may train on what is sent. In the EEA, the UK and Switzerland its terms ask for a paid plan.',
  },
  {
    id: 'mistral',
    name: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    key: 'yes',
    hint: 'The free plan trains on what is sent unless you opt out in your account.',
  },
  { id: 'groq', name: 'Groq', baseUrl: 'https://api.groq.com/openai/v1', key: 'yes' },
  { id: 'deepseek', name: 'DeepSeek', baseUrl: 'https://api.deepseek.com/v1', key: 'yes' },
  {
    id: 'openrouter',
    name: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    key: 'yes',
    hint: 'Only hosts that keep nothing and don’t train are used; a model without one fails.',
  },
  {
    id: 'azure',
    name: 'Azure OpenAI',
    baseUrl: 'https://YOUR-RESOURCE.openai.azure.com/openai/v1',
    key: 'yes',
    hint: 'Put the name of your resource into the address. The model is the name of your deployment.',
  },
  { id: 'ollama', name: 'Ollama', baseUrl: 'http://localhost:11434/v1', key: 'no', hint: OWN_MACHINE },
  { id: 'vllm', name: 'vLLM', baseUrl: 'http://localhost:8000/v1', key: 'no', hint: OWN_MACHINE },
  { id: 'lm-studio', name: 'LM Studio', baseUrl: 'http://localhost:1234/v1', key: 'no', hint: OWN_MACHINE },
];
