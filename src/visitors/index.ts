/** What visitors of a website and of the full chat page reach. */
export { visitorPages } from './pages.routes.ts';
export { widgetRoutes } from './widget.routes.ts';
