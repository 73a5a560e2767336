import { html, svg } from 'lit';

/** Drawn on 24 × 24, in lines of the colour of the text beside them. */
const drawings = {
  brand: svg`<path d="M3 16c5 0 5-8 9-8s4 8 9 8" />`,
  flow: svg`<circle cx="5" cy="12" r="2.2" /><circle cx="19" cy="6" r="2.2" /><circle cx="19" cy="18" r="2.2" />
    <path d="M7 12c5 0 4-6 10-6M7 12c5 0 4 6 10 6" />`,
  shop: svg`<path d="M4 20V10M10 20V4M16 20v-7M22 20H2" />`,
  letters: svg`<rect x="3" y="5" width="18" height="14" rx="2" /><path d="m4 7 8 6 8-6" />`,
  health: svg`<path d="M3 12h4l2.5-7 4.5 14 2.5-7H21" />`,
  demo: svg`<path d="M7 4.5v15l12-7.5z" />`,
};

/** @param {string} name */
export const icon = (name) => html`
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${drawings[/** @type {keyof typeof drawings} */ (name)]}
  </svg>
`;
