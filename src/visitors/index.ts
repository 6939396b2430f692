/** What visitors of a website and of its full chat page reach. */
export { widgetRoutes } from './widget.routes.ts';
