ALTER TABLE `tasks` ADD `upload_id` text;--> statement-breakpoint
CREATE INDEX `tasks_upload` ON `tasks` (`upload_id`);