CREATE TABLE `approval_events` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`approval_id` text NOT NULL,
	`action` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approval_events_approval` ON `approval_events` (`approval_id`);--> statement-breakpoint
CREATE TABLE `approval_files` (
	`approval_id` text NOT NULL,
	`n` integer NOT NULL,
	`file_name` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	PRIMARY KEY(`approval_id`, `n`)
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`traffic` text NOT NULL,
	`name` text NOT NULL,
	`body` text NOT NULL,
	`note` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approvals_tenant` ON `approvals` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `approvals_state` ON `approvals` (`state`,`created_at`);