/** What passes between the outputs of a notebook and the drawing script. */

type Plain = Record<string, unknown>;

export interface FrameData {
  name: string;
  data: Plain[];
  traces?: number[];
  layout?: Plain;
}

export interface FigureData {
  data: Plain[];
  layout: Plain;
  frames?: FrameData[];
  slider?: { label: string; start?: number; play?: number };
}

export interface Drawing {
  redraw(): void;
}

export interface Figures {
  show(figure: HTMLElement | null): void;
}

export type SharedPromise = Promise<Figures> & { fulfil(figures: Figures): void; started?: boolean };

/** The one function of plotly that is used: draw this, reusing what is there. */
export interface Plotly {
  react(element: HTMLElement, data: Plain[], layout: Plain, config: Plain): Promise<unknown>;
}
