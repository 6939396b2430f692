/** Everything that answers HTTP: middleware in order, then each room's routes. */
import express, { type Express } from 'express';
import { accountRoutes } from './accounts/index.ts';
import { playgroundRoutes } from './answering/playground.routes.ts';
import { runRoutes } from './answering/run.routes.ts';
import { suggestionRoutes } from './answering/suggestion.routes.ts';
import { summaryRoutes } from './answering/summary.routes.ts';
import { translationRoutes } from './answering/translation.routes.ts';
import { actionRoutes } from './answering/tools/actions.routes.ts';
import { traceRoutes } from './answering/trace.routes.ts';
import { alertRoutes } from './alerts/alerts.routes.ts';
import { setupRoutes } from './answering/setup.routes.ts';
import { spendingRoutes } from './answering/spending.routes.ts';
import { botRoutes } from './bots/bots.routes.ts';
import { keyRoutes, priceRoutes } from './bots/keys.routes.ts';
import { channelRoutes } from './channels/channels.routes.ts';
import { widgetPageRoutes } from './channels/widget-pages.routes.ts';
import { webhookRoutes } from './channels/webhooks.routes.ts';
import { receiveEvents } from './conversations/index.ts';
import { contactRoutes } from './conversations/contacts/contacts.routes.ts';
import { inboxRoutes } from './conversations/inbox.routes.ts';
import { labelRoutes } from './conversations/list/labels.routes.ts';
import { listRoutes } from './conversations/list/list.routes.ts';
import { viewRoutes } from './conversations/list/views.routes.ts';
import { outageRoutes } from './conversations/outages/outages.routes.ts';
import { insightRoutes } from './insights/insights.routes.ts';
import { mailRoutes } from './mail/mail.routes.ts';
import { templateRoutes } from './conversations/template.routes.ts';
import { cannedRoutes } from './conversations/writing/canned.routes.ts';
import { ratingRoutes } from './conversations/rating/rating.routes.ts';
import { hoursRoutes } from './conversations/hours/hours.routes.ts';
import { waitingRoutes } from './conversations/waiting/waiting.routes.ts';
import type { Installation } from './installation.ts';
import { knowledgeRoutes } from './knowledge/knowledge.routes.ts';
import { readSample } from './sample/sample-file.ts';
import { toolRoutes } from './tools/tools.routes.ts';
import { visitorPages, widgetRoutes } from './visitors/index.ts';
import { assetRoutes } from './web/assets.ts';
import { errorHandler, notFound } from './web/errors.ts';
import { beginRequest } from './web/guard.ts';
import { securityHeaders } from './web/headers.ts';
import { healthRoutes } from './web/health.routes.ts';
import { requestLog } from './web/logging.ts';
import { onlyOverTls } from './web/tls.ts';

export function createApp(installation: Installation): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', installation.settings.trustProxy);
  app.set('query parser', 'simple');

  app.use(beginRequest(installation));
  // What a visitor's page calls, and what far sides post, comes before all that pages need: a log line and fifteen headers
  // for each message would cost as much as storing it.
  app.use(webhookRoutes(installation, receiveEvents));
  app.use(widgetRoutes(installation));
  app.use(requestLog(installation.log, installation.clock));
  app.use(securityHeaders(installation.settings.baseUrl.startsWith('https://')));
  app.use(healthRoutes(installation));
  app.use(assetRoutes());
  app.use(onlyOverTls);

  app.use(visitorPages(installation, () => readSample(installation.settings)?.widget));
  app.use(accountRoutes(installation));
  app.use(mailRoutes());
  app.use(alertRoutes());
  app.use(inboxRoutes());
  app.use(contactRoutes());
  app.use(listRoutes());
  app.use(viewRoutes());
  app.use(labelRoutes());
  app.use(templateRoutes());
  app.use(cannedRoutes());
  app.use(outageRoutes());
  app.use(hoursRoutes());
  app.use(ratingRoutes());
  app.use(waitingRoutes());
  app.use(runRoutes());
  app.use(suggestionRoutes());
  app.use(summaryRoutes());
  app.use(translationRoutes());
  app.use(traceRoutes());
  app.use(actionRoutes());
  app.use(botRoutes());
  app.use(knowledgeRoutes());
  app.use(insightRoutes());
  app.use(channelRoutes());
  app.use(widgetPageRoutes());
  app.use(keyRoutes());
  app.use(toolRoutes());
  app.use(priceRoutes());
  app.use(spendingRoutes());
  app.use(playgroundRoutes());
  app.use(setupRoutes());

  app.use(notFound);
  app.use(errorHandler(installation.log));
  return app;
}
