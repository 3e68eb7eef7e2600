import { ITEMS_MAX } from '../account-book.ts'
import { json } from '../answer.ts'
import { requireId } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { invalidArguments, Refused } from '../refused.ts'

/** Calls for later. They are kept and shown; this service never makes them. */
export const scheduledJobRoutes: readonly Route[] = [
  {
    // A bare list.
    method: 'GET',
    path: '/commands/schedule_job',
    access: 'user_read',
    handle: ({ caller }) => json([...caller.book.scheduledJobs.values()].map(job => ({ id: job.id, ...job.fields }))),
  },
  {
    method: 'POST',
    path: '/commands/schedule_job',
    access: 'user_write',
    handle: call => {
      const { scheduledJobs } = call.caller.book
      if (scheduledJobs.size >= ITEMS_MAX) throw invalidArguments('Too many scheduled jobs.')
      if (typeof call.body['api_endpoint'] !== 'string') throw invalidArguments('Missing api_endpoint')
      const job = { id: call.simulation.nextId('job'), fields: { user_id: call.caller.account.id, ...call.body } }
      scheduledJobs.set(job.id, job)
      return json({ success: true, id: job.id, ...job.fields })
    },
  },
  {
    method: 'PUT',
    path: '/commands/schedule_job/:id',
    access: 'user_write',
    handle: call => {
      const job = find(call)
      job.fields = { ...job.fields, ...call.body }
      return json({ success: true, id: job.id, ...job.fields })
    },
  },
  {
    method: 'DELETE',
    path: '/commands/schedule_job/:id',
    access: 'user_write',
    handle: call => {
      call.caller.book.scheduledJobs.delete(find(call).id)
      return json({ success: true })
    },
  },
]

function find(call: Call) {
  const job = call.caller.book.scheduledJobs.get(requireId(call.params[0], 'job id'))
  if (job === undefined) throw new Refused(404, 'no_such_job', 'No such scheduled job.')
  return job
}
