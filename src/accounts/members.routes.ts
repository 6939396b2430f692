import { Router, type Response } from 'express';
import { firstWordText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { membersOf } from './accounts.queries.ts';
import { changeRole, removeMember, type Actor } from './change-members.ts';
import { emptyForm, invitationForm, roleForm } from './forms.ts';
import { INVITATION_DAYS, inviteMember, openInvitations, revokeInvitation } from './invitations.ts';
import { manageableRoles, mayManage, roleMeanings, roleNames } from './rank.ts';

interface Shown {
  typed?: object;
  errors?: Record<string, string>;
  /** The link of the invitation just made; shown this once. */
  link?: string;
}

function page(res: Response, { typed = { role: 'agent' }, errors = {}, link }: Shown = {}): void {
  const { workspace, user, role: mine } = here(res);
  const roleChoices = manageableRoles(mine).map((value) => ({ value, label: `${roleNames[value]}: ${roleMeanings[value]}` }));
  const members = membersOf(workspace).map((member) => ({
    ...member,
    roleName: roleNames[member.role],
    isMe: member.userId === user.id,
    canChange: member.userId !== user.id && mayManage(mine, member.role),
  }));
  const invitations = openInvitations(workspace).map((row) => ({
    ...row,
    roleName: roleNames[row.role],
    canRevoke: mayManage(mine, row.role),
  }));
  const owners = members.filter(({ role }) => role === 'owner').length;
  render(res, 'settings/members', {
    members,
    invitations,
    roleChoices,
    shortRoles: roleChoices.map(({ value }) => ({ value, label: roleNames[value] })),
    line: members.length === 1 ? 'You work here alone.' : `${firstWordText(members.length)} people work at this desk.`,
    days: INVITATION_DAYS,
    canLeave: mine !== 'owner' || owners > 1,
    typed,
    errors,
    link,
  });
}

function actor(res: Response): Actor {
  const { user, role } = here(res);
  return { userId: user.id, role };
}

const membersPage = '/w/:workspace/settings/members';

function back(res: Response): string {
  return `/w/${here(res).workspace.id}/settings/members`;
}

/** Settings: who works here, and with which role. */
export function memberRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get(membersPage, may('member.read'), (_req, res) => page(res));

  router.post(`${membersPage}/:member/role`, may('member.edit'), (req, res) => {
    const form = parseForm(req, roleForm);
    if (!form.ok) {
      res.status(422);
      page(res, { errors: { members: form.errors['role'] ?? 'Choose a role.' } });
      return;
    }
    changeRole(here(res).workspace, actor(res), idParam(req, 'member'), form.values.role);
    flash(res, 'The role is changed.');
    seeOther(req, res, back(res));
  });

  router.post(`${membersPage}/:member/remove`, may('member.edit'), (req, res) => {
    parseForm(req, emptyForm);
    removeMember(here(res).workspace, actor(res), idParam(req, 'member'));
    flash(res, 'The member is removed.');
    seeOther(req, res, back(res));
  });

  router.post('/w/:workspace/leave', may('member.leave'), (req, res) => {
    parseForm(req, emptyForm);
    const me = actor(res);
    removeMember(here(res).workspace, me, me.userId);
    flash(res, 'You left the workspace.');
    seeOther(req, res, '/workspaces');
  });

  return router;
}

/** Settings: who was invited, by links that are shown once. */
export function inviteRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.post(`${membersPage}/invitations`, may('member.edit'), (req, res) => {
    const form = parseForm(req, invitationForm);
    if (!form.ok) {
      res.status(422);
      page(res, form);
      return;
    }
    // No redirect: the link is in this answer alone.
    page(res.status(201), { link: inviteMember(here(res).workspace, actor(res), form.values) });
  });

  router.post(`${membersPage}/invitations/:invitation/revoke`, may('member.edit'), (req, res) => {
    parseForm(req, emptyForm);
    revokeInvitation(here(res).workspace, actor(res), idParam(req, 'invitation'));
    flash(res, 'The invitation is taken back.');
    seeOther(req, res, back(res));
  });

  return router;
}
